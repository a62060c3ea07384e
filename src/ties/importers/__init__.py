"""Where tables come from: folders of CSV or Parquet tables, and XLSX workbooks."""
