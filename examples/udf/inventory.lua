-- Functions of the example examples/udf.

-- Reserves stock for an order. Returns what is left, or nothing if there is too little.
function reserve(rec, order, count)
  if not aerospike:exists(rec) then error("no such article") end
  local left = rec.stock - count
  if left < 0 then return nil end
  local orders = rec.orders or map()
  orders[order] = count
  rec.orders = orders
  rec.stock = left
  aerospike:update(rec)
  return left
end

-- The stock of each category, over all articles that a query finds.
function stock_by_category(stream)
  local function add(sums, rec)
    sums[rec.category] = (sums[rec.category] or 0) + rec.stock
    return sums
  end
  local function join(a, b) return map.merge(a, b, math.sum) end
  return stream:aggregate(map(), add):reduce(join)
end
