-- For wrk: each request asks for another transfer, as OPERATION says: mv moves the next of the numbered files in the folder DIRECTORY, download
-- fetches its file called large.

local directory = os.getenv("DIRECTORY")
local operation = os.getenv("OPERATION")
local last = 0

function request()
    last = last + 1
    local body
    if operation == "download" then
        body = string.format('{"path": "%s/large", "transferDirectives": {"transferMethod": "s3"}}', directory)
    else
        body = string.format('{"path": "%s/%d", "targetPath": "%s/moved-%d"}', directory, last, directory, last)
    end
    return wrk.format("POST", nil, {Host = wrk.headers["Host"], Authorization = wrk.headers["Authorization"], ["Content-Type"] = "application/json"}, body)
end
