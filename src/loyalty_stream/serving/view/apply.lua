-- Apply one batch to one generation, all of it or nothing.
--
-- KEYS: current, building, held; then of the generation: positions, age, erased, organisations, deleted.
-- ARGV: the batch in msgpack, as batch.py packs it; milliseconds for which a generation that is built stays reserved.
--
-- Answers {'applied', rows applied, rows skipped, entries applied, entries skipped}, or why nothing was done:
-- 'retired': readers use another generation; 'held': a newer one is about to replace this one;
-- 'behind': Redis knows less than the view thought (it was restored, or a replica took over): read again from there.
local batch = cmsgpack.unpack(ARGV[1])
local building = redis.call('GET', KEYS[2])
if batch.generation == building then
  redis.call('PEXPIRE', KEYS[2], ARGV[2])
elseif batch.generation ~= redis.call('GET', KEYS[1]) then
  return {'retired'}
elseif redis.call('EXISTS', KEYS[3]) == 1 then
  return {'held'}
end

local position = {}
for index, place in ipairs(batch.places) do
  local stored = tonumber(redis.call('HGET', KEYS[4], place[1]) or 0)
  if stored < place[2] then
    return {'behind'}
  end
  position[index] = stored
end

local applied, skipped = 0, 0
for _, row in ipairs(batch.rows) do
  local place, partition, offset, key, fields = row[1], row[2], row[3], row[4], row[5]
  local known = redis.call('HMGET', key, 'partition', 'offset')
  local older = known[1] and tonumber(known[1]) == partition and tonumber(known[2]) >= offset
  if offset < position[place] or older then
    skipped = skipped + 1
  else
    applied = applied + 1
    if fields then
      redis.call('HSET', key, unpack(fields))
    else -- of an erased customer, or one that a merge left empty: which of them tells the hash of an erased customer
      redis.call('DEL', key)
      redis.call('HSET', KEYS[8], row[7], row[6])
    end
  end
end

for _, row in ipairs(batch.totals) do
  local place, offset, key, field, text = row[1], row[2], row[3], row[4], row[5]
  local known = redis.call('HGET', key, field)
  if offset < position[place] or (known and cjson.decode(known).offset >= offset) then
    skipped = skipped + 1
  else
    applied = applied + 1
    if text then
      redis.call('HSET', key, field, text)
    else
      redis.call('HDEL', key, field)
    end
  end
end
for _, organisation in ipairs(batch.organisations) do
  redis.call('SADD', KEYS[7], organisation)
end

for _, hash in ipairs(batch.erased) do -- which stands behind the customer's deleted rows in the changelog
  local journal = redis.call('HGET', KEYS[8], hash)
  if journal then
    redis.call('DEL', journal)
    redis.call('HDEL', KEYS[8], hash)
  end
  redis.call('SADD', KEYS[6], hash) -- so that nothing begins a new one
end

local entries, refused = 0, 0
for _, entry in ipairs(batch.entries) do
  local place, offset, journal, hash, fields = entry[1], entry[2], entry[3], entry[4], entry[5]
  if fields and (offset < position[place] or redis.call('SISMEMBER', KEYS[6], hash) == 1) then
    refused = refused + 1
  elseif fields then
    redis.call('XADD', journal, 'MAXLEN', '=', batch.journal_entries, '*', unpack(fields))
    entries = entries + 1
  else
    redis.call('DEL', journal)
    redis.call('SADD', KEYS[6], hash)
    entries = entries + 1
  end
end

for index, place in ipairs(batch.places) do
  if place[3] > position[index] then
    redis.call('HSET', KEYS[4], place[1], place[3])
  end
end
for name, moment in pairs(batch.age) do
  if moment > tonumber(redis.call('HGET', KEYS[5], name) or 0) then
    redis.call('HSET', KEYS[5], name, moment)
  end
end
return {'applied', applied, skipped, entries, refused}
