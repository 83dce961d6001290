import GoldcrestProtocol
import GoldcrestShell

/// The programs that copy and move on the system: POSIX shell with coreutils, `find` and `awk`.
///
/// They are constants. What they work on they get as arguments: `$1` the source, `$2` the target, `$3` the source's name, `$4` the most bytes;
/// the copy `$5`, which is not empty if links are to be followed; and behind that the command that shows the entry of what it gets as last argument.
enum CopyScript {
    static func copy(_ source: AbsolutePath, to target: AbsolutePath, dereferences: Bool, limit: Int) -> RemoteCommand {
        RemoteCommand(
            "sh", "-c", copyText, "cp", source, target, Array(source.lastComponent), "\(limit)", dereferences ? "yes" : ""
        ).appending(contentsOf: FileCommand.entryWords)
    }

    static func move(_ source: AbsolutePath, to target: AbsolutePath, limit: Int) -> RemoteCommand {
        RemoteCommand("sh", "-c", moveText, "mv", source, target, Array(source.lastComponent), "\(limit)")
            .appending(contentsOf: FileCommand.entryWords)
    }

    /// `cp` itself would find out that it copies a directory into itself only when it has begun.
    static let copyText =
        ScriptMeasure.text + #"""
            source=$1 target=$2 name=$3 limit=$4 follow=$5 excess=$tooLarge
            shift 5
            if [ -d "$target" ]; then target=${target%/}/$name; fi
            if [ -d "$source" ] && { [ "$follow" ] || [ ! -L "$source" ]; }; then
                case $target/ in
                    "${source%/}"/*) refuse "$unacceptable" "cannot copy a directory, '$source', into itself, '$target'" ;;
                esac
            fi
            measure ${follow:+-L} "$source"
            if [ "$follow" ]; then links=--dereference; else links=--no-dereference; fi
            cp --recursive "$links" --no-target-directory -- "$source" "$target" </dev/null || exit
            exec "$@" "$target"
            """#

    /// Within one file system nothing is copied, whatever its size.
    static let moveText =
        ScriptMeasure.text + #"""
            source=$1 target=$2 name=$3 limit=$4 excess=$tooLarge
            shift 4
            if [ -d "$target" ]; then target=${target%/}/$name; fi
            from=$(stat --format=%d -- "$source") || exit
            to=$(stat -L --format=%d -- "${target%/*}/") || exit
            [ "$from" = "$to" ] || measure "$source"
            mv --force --no-target-directory -- "$source" "$target" </dev/null || exit
            exec "$@" "$target"
            """#
}
