import GoldcrestProtocol
import GoldcrestShell

/// The job of an upload: it waits for the object that the user puts into the storage, and brings it to its file on the system.
///
/// It fetches ranges of the object side by side, each straight to its place in one temporary file beside the target, which is renamed at the end. So
/// nothing is split or joined, and `use_split` and `tmp_folder` of the configuration mean nothing here.
///
/// Its output log has lines `Downloaded 123 of 456 bytes`.
struct S3UploadWork: Sendable {
    /// The most bytes of one range. What a broken connection costs is bounded by it, and how rare the lines about progress are.
    private static let longestRange = 256 << 20

    /// Presigned, at the storage's private endpoint.
    let headURL: String
    /// Presigned, at the storage's private endpoint.
    let getURL: String
    /// How many bytes the user has announced.
    let size: Int
    let target: AbsolutePath
    /// The most bytes of one range: `multipart.max_part_size`, or less.
    let rangeSize: Int
    /// How many ranges are fetched at once: `multipart.parallel_runs`.
    let parallelRuns: Int
    /// How long the job waits for the object.
    let patience: Duration
    /// The seconds between the attempts at one range.
    var pauses = S3JobFunctions.pauses

    init(headURL: String, getURL: String, size: Int, target: AbsolutePath, partSize: Int, parallelRuns: Int, patience: Duration) {
        self.headURL = headURL
        self.getURL = getURL
        self.size = size
        self.target = target
        self.rangeSize = max(1, min(partSize, Self.longestRange))
        self.parallelRuns = max(1, parallelRuns)
        self.patience = patience
    }

    var work: TransferJobWork {
        TransferJobWork(script: script, successMessage: "File was successfully uploaded.")
    }

    private var script: ShellScript {
        #"""
        head=\#(headURL)
        get=\#(getURL)
        target=\#(target)
        size=\#(size)
        range_size=\#(rangeSize)
        runs=\#(parallelRuns)
        patience=\#(Int(patience.components.seconds))
        pauses=\#(pauses.map(String.init).joined(separator: " "))
        \#(script: S3JobFunctions.script)
        \#(script: Self.program)
        """#
    }

    private static let program: ShellScript = #"""
        # A link is written through, as `>` does.
        if [ -L "$target" ]; then
            resolved=$(readlink -fnv -- "$target" && echo .) || exit
            target=${resolved%.}
        fi
        directory=${target%/*}/
        existing=
        if [ -d "$target" ]; then fail "cannot write '$target': Is a directory"; fi
        if [ -e "$target" ]; then
            [ -f "$target" ] || fail "cannot write '$target': Not a regular file"
            [ -w "$target" ] || fail "cannot write '$target': Permission denied"
            existing=yes
            umask 077
        fi
        stat -L --format=%F -- "$directory" >/dev/null || exit
        [ -w "$directory" ] || fail "cannot write in '$directory': Permission denied"
        room=$(df -k --output=avail -- "$directory" 2>/dev/null | tail -n 1)
        room=${room//[!0-9]/}
        if [ "$room" ] && [ "$room" -lt "$((size / 1024))" ]; then
            fail "There is no room for $size bytes in '$directory': $room KiB are free."
        fi

        # The name is the same when the job is started again, so nothing is left of the first time.
        temporary=${directory}.goldcrest-upload-$task
        end() {
            local status=$?
            trap '' HUP INT TERM XCPU
            if [ "$status" -ne 0 ]; then kill -s TERM 0; fi
            rm -f -- "$temporary"
        }
        trap end EXIT

        echo "Waiting for the file of $size bytes in the storage, for at most $patience seconds."
        SECONDS=0 pause=1 next=1 told=
        until
            answer=$(ask "$head" --head 2>&1)
            status=$?
            read_answer "$answer"
            [ "$status:$code" = 0:200 ]
        do
            case $code in
                404) words= ;;
                401 | 403) fail "The storage refuses to tell of the file: it answers $code." ;;
                '') words=${answer##*$'\n'} ;;
                *) words="it answers $code" ;;
            esac
            if [ "$words" ] && [ "$words" != "$told" ]; then
                told=$words
                echo "The storage does not tell of the file: $words" >&2
            fi
            [ "$SECONDS" -lt "$patience" ] || fail "The file did not come into the storage within $patience seconds."
            sleep "$((pause < patience - SECONDS ? pause : patience - SECONDS))"
            sum=$((pause + next)) pause=$next next=$((sum < 30 ? sum : 30))
        done
        [ "$length" = "$size" ] || fail "The file in the storage has ${length:-an unknown number of} bytes, but $size were announced."

        # Fetches one range to its place.
        fetch() {
            local offset=$((($1 - 1) * range_size)) bytes answer status got
            bytes=$((size - offset < range_size ? size - offset : range_size))
            answer=$({
                ask "$get" --fail --range "$offset-$((offset + bytes - 1))" --output /dev/fd/3 --write-out '%{http_code} %{size_download}' 3>&1 >&4 |
                    dd of="$temporary" bs=1M count="$bytes" seek="$offset" iflag=count_bytes,fullblock oflag=seek_bytes conv=notrunc,nocreat status=none
                exit "$((PIPESTATUS[1] ? 2 : PIPESTATUS[0] ? 1 : 0))"
            } 4>&1)
            status=$?
            code=${answer%% *} got=${answer##* } words=
            if [ "$status:$answer" = "0:206 $bytes" ] || [ "$status:$answer:$offset" = "0:200 $size:0" ]; then
                echo "$1 $bytes"
                return
            fi
            if [ "$status" -eq 2 ]; then return 2; fi
            if [ "$code" = 200 ] || [ "$code" = 206 ]; then words="$got bytes of $bytes"; fi
            if [ "$code" = 000 ]; then code=; fi
            complain "Range $1"
        }

        (rm -f -- "$temporary" && set -o noclobber && : >"$temporary" && truncate --size="$size" -- "$temporary") || exit
        ranges=$(((size + range_size - 1) / range_size)) fetched=0 moved=0
        while read -r number bytes; do
            [ "$number" != failed ] || fail 'The file could not be fetched from the storage.'
            fetched=$((fetched + 1)) moved=$((moved + bytes))
            echo "Downloaded $moved of $size bytes"
        done < <(side_by_side fetch "$ranges")
        [ "$fetched" -eq "$ranges" ] || fail 'The file could not be fetched from the storage: a process was killed.'
        [ "$(stat --format=%s -- "$temporary")" = "$size" ] || fail "The file that was fetched does not have $size bytes."

        if [ "$existing" ]; then
            [ -G "$target" ] || chgrp --reference="$target" -- "$temporary" 2>/dev/null
            # With its access control list; without, where that needs a permission to read.
            cp -T --attributes-only --preserve=mode -- "$target" "$temporary" 2>/dev/null || chmod --reference="$target" -- "$temporary" || exit
        fi
        mv --force --no-target-directory -- "$temporary" "$target"
        """#
}
