import GoldcrestProtocol
import GoldcrestShell
import HTTPTypes

/// The job of a download: it puts a file of the system into the storage, as a multipart upload whose URLs the service has signed.
///
/// Each part goes from its place in the file straight into the storage, several side by side: nothing is split or copied before, and `use_split` and
/// `tmp_folder` of the configuration mean nothing here. When it does not succeed the job aborts the multipart upload.
///
/// Its output log has lines `Uploaded 123 of 456 bytes`.
struct S3DownloadWork: Sendable {
    /// The most parts that an upload may have (Amazon S3 User Guide, “Multipart upload limits”).
    static let maximumParts = 10_000

    let source: AbsolutePath
    /// How many bytes the file had when the parts were signed.
    let size: Int
    /// Bytes of each part but the last, which has the rest.
    let partSize: Int
    /// Presigned PUTs, one per part in order, at the storage's private endpoint; one for an empty file.
    let partURLs: [String]
    /// Presigned POST, at the private endpoint.
    let completeURL: String
    /// Presigned DELETE, at the private endpoint.
    let abortURL: String
    /// Presigned HEAD of the object, at the private endpoint.
    let headURL: String
    /// How many parts are uploaded at once: `multipart.parallel_runs`.
    let parallelRuns: Int
    /// The seconds between the attempts at one part.
    var pauses = S3JobFunctions.pauses

    /// - Throws: ``APIError`` 400 if the file needs more parts than an upload may have; 500 if the URLs are not as many as the parts.
    init(
        source: AbsolutePath, size: Int, partSize: Int, partURLs: [String], completeURL: String, abortURL: String, headURL: String, parallelRuns: Int
    ) throws(APIError) {
        guard try Self.partCount(of: size, partSize: partSize) == partURLs.count else {
            throw APIError(.internalServerError, "The parts of the upload do not fit the file")
        }
        self.source = source
        self.size = size
        self.partSize = partSize
        self.partURLs = partURLs
        self.completeURL = completeURL
        self.abortURL = abortURL
        self.headURL = headURL
        self.parallelRuns = max(1, parallelRuns)
    }

    /// How many parts a file has; an empty one has one, which is empty.
    ///
    /// - Throws: ``APIError`` 400 if it needs more than an upload may have.
    static func partCount(of size: Int, partSize: Int) throws(APIError) -> Int {
        guard size >= 0, partSize > 0 else { throw APIError(.badRequest, "A file cannot have \(size) bytes in parts of \(partSize)") }
        let count = max(1, size / partSize + (size % partSize == 0 ? 0 : 1))
        guard count <= maximumParts else {
            throw APIError(
                .badRequest, "A file of \(size) bytes needs \(count) parts of \(partSize) bytes, but object storage takes at most \(maximumParts) parts")
        }
        return count
    }

    var work: TransferJobWork {
        TransferJobWork(script: script, successMessage: "Multipart file upload successfully completed")
    }

    private var script: ShellScript {
        let parts = PresignedURLs(partURLs)
        return #"""
            source=\#(source)
            size=\#(size)
            part_size=\#(partSize)
            complete=\#(completeURL)
            abort=\#(abortURL)
            head=\#(headURL)
            beginning=\#(parts.beginning)
            endings=(\#(parts.endings))
            runs=\#(parallelRuns)
            pauses=\#(pauses.map(String.init).joined(separator: " "))
            \#(script: S3JobFunctions.script)
            \#(script: Self.program)
            """#
    }

    private static let program: ShellScript = #"""
        completed=
        end() {
            trap '' HUP INT TERM XCPU
            if [ "$completed" ]; then return; fi
            kill -s TERM 0
            ask "$abort" --request DELETE --max-time 60 --output /dev/null
        }
        trap end EXIT

        # Whether the file is still the one that it was at first.
        unchanged() {
            [ "$(stat -L --format='%s %y' -- "$source")" = "$state" ] || { echo "'$source' was changed while it was read." >&2; false; }
        }

        [ -d "$source" ] && fail "cannot read '$source': Is a directory"
        state=$(stat -L --format='%s %y' -- "$source") || exit
        [ -f "$source" ] || fail "cannot read '$source': Not a regular file"
        [ "${state%% *}" = "$size" ] || fail "'$source' has ${state%% *} bytes now, not $size as when its transfer was asked for."
        head --bytes=1 -- "$source" >/dev/null || exit

        # Sends one part, and tells its number, its bytes and its entity tag.
        send() {
            local offset=$((($1 - 1) * part_size)) bytes answer status
            bytes=$((size - offset < part_size ? size - offset : part_size))
            unchanged || return 2
            # Without the header, curl would send what it reads from a pipe in chunks, which S3 does not take.
            answer=$(dd if="$source" bs=1M skip="$offset" count="$bytes" iflag=skip_bytes,count_bytes,fullblock status=none |
                ask "$beginning${endings[$1 - 1]}" --upload-file - --header "Content-Length: $bytes" --header 'Transfer-Encoding:' --dump-header - |
                head --bytes=65536)
            status=$?
            read_answer "$answer"
            if [ "$status:$code" = 0:200 ] && [ "$etag" ] && [ "${#etag}" -lt 200 ]; then
                echo "$1 $bytes $etag"
                return
            fi
            if [ "$code" = 200 ]; then words=${etag:-without an ETag}; fi
            complain "Part $1"
        }

        # Makes the object of its parts. The storage may answer 200 long before it knows, and then tell of an error.
        complete() {
            local answer number
            answer=$({
                echo '<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
                for ((number = 1; number <= ${#endings[@]}; number++)); do
                    printf '<Part><PartNumber>%d</PartNumber><ETag>%s</ETag></Part>\n' "$number" "${tags[number]}"
                done
                echo '</CompleteMultipartUpload>'
            } | ask "$complete" --data-binary @- --header 'Content-Type: application/xml' --speed-time 900 --dump-header - | head --bytes=65536)
            read_answer "$answer"
            if [ "$code" = 200 ] && [[ $answer == *'<CompleteMultipartUploadResult'* && $answer != *'<Error>'* ]]; then return; fi
            # An attempt before this one may have succeeded without its answer being heard; the object's size tells.
            if [ "$code" = 404 ]; then complain 'The end of the upload'; return 0; fi
            complain 'The end of the upload'
            # The list of the parts is refused: it would be again.
            if [ "$code" = 400 ]; then return 2; fi
            return 1
        }

        # Looks whether the object is there as a whole.
        look() {
            read_answer "$(ask "$head" --head)"
            if [ "$code:$length" = "200:$size" ]; then return; fi
            if [ "$code" = 200 ]; then words="${length:-an unknown number of} bytes instead of $size"; fi
            complain 'The file in the storage'
        }

        sent=0 moved=0 tags=()
        while read -r number bytes tag; do
            [ "$number" != failed ] || fail 'The file could not be sent to the storage.'
            sent=$((sent + 1)) moved=$((moved + bytes)) tags[number]=$tag
            echo "Uploaded $moved of $size bytes"
        done < <(side_by_side send "${#endings[@]}")
        [ "$sent" -eq "${#endings[@]}" ] || fail 'The file could not be sent to the storage: a process was killed.'
        unchanged || exit
        persistently complete || fail 'The storage could not put the file together.'
        persistently look || fail 'The file in the storage is not whole.'
        completed=yes
        """#
}
