-- What the two targets need done differently to one document.

local is_html = FORMAT:match("html") ~= nil

-- Nothing in the page may run or be fetched, whatever a record holds.
local POLICY = "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
  .. "img-src data:; style-src 'unsafe-inline' data:\" />"

-- Characters that fit beside one another on a printed line of a table.
local LINE = 78

function Meta(meta)
  if is_html then
    meta["header-includes"] = pandoc.MetaBlocks({ pandoc.RawBlock("html", POLICY) })
  end
  return meta
end

-- A table of no more rows than this stays on one page.
local ROWS = 16

local function measure(tbl)
  local simple = pandoc.utils.to_simple_table(tbl)
  local width = 0
  for i, head in ipairs(simple.headers) do
    local longest = utf8.len(pandoc.utils.stringify(head)) or 0
    for _, row in ipairs(simple.rows) do
      longest = math.max(longest, utf8.len(pandoc.utils.stringify(row[i])) or 0)
    end
    width = width + longest + 2
  end
  return width, #simple.rows
end

-- A page scrolls a wide table sideways; paper gives it the full width, shared out in the measure
-- of the dashes under its head.
function Table(tbl)
  local width, rows = measure(tbl)
  if is_html or width <= LINE then
    tbl.colspecs = tbl.colspecs:map(function(spec) return { spec[1], nil } end)
  end
  if is_html then
    local caption = pandoc.utils.stringify(tbl.caption.long)
    local classes = rows > ROWS and { "scroll" } or { "scroll", "short" }
    return pandoc.Div({ tbl }, pandoc.Attr("", classes, {
      { "tabindex", "0" },
      { "role", "region" },
      { "aria-label", caption ~= "" and caption or "Table" },
    }))
  end
  if rows > ROWS then
    return tbl
  end
  return pandoc.Div({
    pandoc.RawBlock("typst", "#block(breakable: false, width: 100%)["),
    tbl,
    pandoc.RawBlock("typst", "]"),
  })
end

local function is_picture(block)
  return block.t == "Para" and #block.content == 1 and block.content[1].t == "Image"
end

-- A small screen scrolls a picture sideways rather than make its words too small to read.
function Para(para)
  if is_html and is_picture(para) then
    return pandoc.Div({ para }, pandoc.Attr("", { "scroll", "picture" }, { { "tabindex", "0" } }))
  end
end

local function is_shown(block)
  return block ~= nil and (is_picture(block) or block.t == "Table")
end

local function raw(text)
  return pandoc.RawBlock(is_html and "html" or "typst", text)
end

-- The page folds each appendix: what follows its heading, until the next one.
local function fold(blocks)
  local folded, is_open = pandoc.List(), false
  for _, block in ipairs(blocks) do
    if block.t == "Header" and block.classes:includes("appendix") then
      if is_open then folded:insert(raw("</details>")) end
      folded:extend({ raw("<details class=\"appendix\"><summary>"), block, raw("</summary>") })
      is_open = true
    else
      folded:insert(block)
    end
  end
  if is_open then folded:insert(raw("</details>")) end
  return folded
end

-- On paper the contents stand before the first heading, the appendices begin on a page of their
-- own, and the words before a table or a picture stay with it.
local function paginate(blocks)
  local kept, has_contents, has_appendix = pandoc.List(), false, false
  for i, block in ipairs(blocks) do
    if block.t == "Header" and not has_contents then
      kept:insert(raw("#contents()"))
      has_contents = true
    end
    if block.t == "Header" and block.classes:includes("appendix") and not has_appendix then
      kept:insert(raw("#pagebreak(weak: true)"))
      has_appendix = true
    end
    if block.t == "Para" and not is_shown(block) and is_shown(blocks[i + 1]) then
      kept:extend({ raw("#block(sticky: true)["), block, raw("]") })
    else
      kept:insert(block)
    end
  end
  return kept
end

function Pandoc(doc)
  doc.blocks = is_html and fold(doc.blocks) or paginate(doc.blocks)
  return doc
end

-- On paper there is nowhere to go from a figure.
function Div(div)
  if not is_html and div.classes:includes("links") then
    return {}
  end
end

-- In typst a line that begins with one of these marks is a heading, a list or a term. Pandoc
-- guards a paragraph against that, but no cell, caption or list item: nothing, said first, does.
function Plain(plain)
  local first = plain.content[1]
  if not is_html and first and first.t == "Str" and first.text:match("^[=+/%d-]") then
    plain.content:insert(1, pandoc.RawInline("typst", "#[];"))
    return plain
  end
end

-- Only an address of the web is a link, and on the page a file beside it.
function Link(link)
  local target = link.target:lower()
  if target:match("^https?://") or target:match("^#") then
    return nil
  end
  if is_html and target:match("^%.?%.?/?[%w%-_]+[%w%-_/]*%.%w+$") then
    return nil
  end
  return link.content
end

return { { Pandoc = Pandoc }, { Meta = Meta, Div = Div, Table = Table, Para = Para, Plain = Plain, Link = Link } }
