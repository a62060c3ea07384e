"""Files: records and tables read and written, whole or not at all."""
