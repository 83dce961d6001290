/// The program that makes an archive on the system: POSIX shell with coreutils, `find`, `awk` and `tar`, all of GNU.
///
/// It is a constant. What it works on it gets as arguments: `$1` the directory that the source is in, `$2` the source's name, `$3` the archive, `$4` the
/// directory that it is in, `$5` a word that makes the names of temporary files unique, `$6` the compressing program, `$7` the most bytes, `$8` not
/// empty if links are to be followed, `$9` a regular expression; `$6` and `$9` may be empty.
///
/// One `find` chooses the files and adds up their sizes, and `tar` takes exactly those. All names begin with `./`, so none of them is an option.
/// The names in the archive don't, but the targets of symbolic links stay as they are.
enum CompressScript {
    static let text =
        ScriptMeasure.text + #"""
            parent=$1 name=$2 target=$3 directory=$4 word=$5 program=$6 limit=$7 follow=$8 pattern=$9 excess=$tooLong
            unset TAR_OPTIONS
            if [ "$program" ]; then
                command -v "$program" >/dev/null || refuse "$missingProgram" "$program is not installed on this system"
            fi
            stat -- "${parent%/}/$name" >/dev/null || exit
            cd "$parent" || exit
            if [ "$pattern" ]; then find / -maxdepth 0 -regex "$pattern" >/dev/null || exit "$unacceptable"; fi

            # A link is written through, as `>` does.
            if [ -L "$target" ]; then
                resolved=$(readlink -fnv -- "$target" && echo .) || exit
                target=${resolved%.} directory=${target%/*}/
            fi
            existing=
            if [ -d "$target" ]; then refuse 1 "cannot write '$target': Is a directory"; fi
            if [ -e "$target" ]; then
                [ -f "$target" ] || refuse 1 "cannot write '$target': Not a regular file"
                [ -w "$target" ] || refuse 1 "cannot write '$target': Permission denied"
                existing=yes
            fi

            temporary=${directory%/}/.goldcrest-compress-$word
            list=$temporary.list
            # A signal goes to the whole process group: this rm must not end by it.
            trap 'trap "" HUP INT TERM PIPE; rm -f -- "$temporary" "$list" 2>/dev/null' EXIT
            trap 'exit 1' HUP INT TERM PIPE
            touch -- "$temporary" "$list" || exit

            set -- ${follow:+-L} "./$name" ! -samefile "$temporary" ! -samefile "$list"
            if [ "$existing" ]; then set -- "$@" ! -samefile "$target"; fi
            if [ "$pattern" ]; then set -- "$@" ! -type d -regex "$pattern"; fi
            measure "$@" -fprint0 "$list"
            [ -s "$list" ] || refuse "$unacceptable" "there is nothing to put into the archive${pattern:+: no file matches the pattern}"

            tar --create --file="$temporary" ${program:+"--$program"} ${follow:+--dereference} --no-recursion --transform='flags=rh;s,^\./,,' \
                --no-unquote --null --files-from="$list" || exit
            if [ "$existing" ]; then chmod --reference="$target" -- "$temporary" || exit; fi
            mv --force --no-target-directory -- "$temporary" "$target"
            """#
}
