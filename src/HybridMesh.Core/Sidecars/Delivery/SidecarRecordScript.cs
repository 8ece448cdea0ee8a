namespace HybridMesh.Core;

/// <summary>
/// What is written down of an installation on a VM, so that it can be taken back: for any POSIX shell with coreutils
/// or busybox. <see cref="SidecarPlaces.Record"/> has a line per thing, each noted before it is done:
/// <code>
/// dir PATH             the folder was made
/// owner PATH UID:GID   the folder was given to the proxy's user; whose it was before
/// file PATH new        the file was not there before
/// file PATH kept       it was; the folder original has it, '/' in its name being '%'
/// enabled UNIT         the service was set to start at boot
/// package KIND NAME    the package was installed (KIND deb or rpm)
/// source VERSION FROM  what the package came from: a SHA-256, or a URL; undone by nothing
/// user NAME            the package made that user
/// container NAME       the container was made
/// host NAME            a host record was added
/// </code>
/// While a run is under way the folder undo has everything as it was before it; a later run that finds it takes that
/// run back first. At the end it becomes the folder previous.
/// </summary>
internal static class SidecarRecordScript
{
    /// <summary>
    /// <c>note</c>, <c>folder PATH MODE OWNER [claim]</c>, <c>keep PATH</c> for a file that the agent may write,
    /// <c>put NAME PATH MODE OWNER</c>, <c>begin</c>, <c>undo</c> and <c>commit</c>. Needs <c>paths</c>, the files that
    /// may change.
    /// </summary>
    public const string Functions = LockScript.Functions + SidecarUndoScript.Functions + """
        own=/var/lib/istio/hybridmesh
        record=$own/installed
        name_of() { printf %s "$1" | tr / %; }
        there() { [ -e "$1" ] || [ -L "$1" ]; }
        noted() { grep -qxF -- "$1" "$record" 2> /dev/null; }
        note() { noted "$*" || printf '%s\n' "$*" >> "$record"; }
        service() {
          # What outlives the script must not hold its lock.
          systemctl "$@" istio 9>&-
        }
        folder() {
          if [ ! -d "$1" ]; then
            [ -d "$(dirname "$1")" ] || folder "$(dirname "$1")" 755 root:root || return 1
            note "dir $1"
            mkdir "$1" && chmod "$2" "$1" && chown "$3" "$1"
          elif [ "$4" = claim ] && [ "$(stat -c %U:%G "$1")" != "$3" ]; then
            noted "dir $1" || grep -q "^owner $1 " "$record" || note "owner $1 $(stat -c %u:%g "$1")"
            chown "$3" "$1"
          fi
        }
        keep() {
          noted "file $1 new" || noted "file $1 kept" || if there "$1"; then
            [ -d "$own/original" ] || mkdir "$own/original" || return 1
            cp -Pp "$1" "$own/original/$(name_of "$1")" || return 1
            note "file $1 kept"
          else
            note "file $1 new"
          fi
        }
        put() {
          keep "$2" || return 1
          t=$(dirname "$2")/.hybridmesh.$$
          cat "$stage/$1" > "$t" && chown "$4" "$t" && chmod "$3" "$t" && mv -f "$t" "$2" || { rm -f "$t"; return 1; }
        }
        begin() {
          made= p=$own
          while [ ! -d "$p" ]; do
            made="dir $p
        $made"
            p=$(dirname "$p")
          done
          (umask 022; mkdir -p "$own") && chmod 700 "$own" || return 1
          rm -rf "$own/undo.new"
          mkdir "$own/undo.new" || return 1
          for p in $paths; do
            printf '%s\n' "$p" >> "$own/undo.new/list"
            ! there "$p" || cp -Pp "$p" "$own/undo.new/$(name_of "$p")" || return 1
          done
          [ ! -e "$record" ] || cp -p "$record" "$own/undo.new/installed" || return 1
          systemctl is-active istio > "$own/undo.new/service" 2> /dev/null
          [ ! -e "$stage/hosts-undo" ] || cp "$stage/hosts-undo" "$own/undo.new/hosts-undo" || return 1
          mv "$own/undo.new" "$own/undo" || return 1
          printf %s "$made" | while IFS= read -r p; do note "$p"; done
        }
        commit() {
          rm -rf "$own/previous"
          mv "$own/undo" "$own/previous"
        }

        """;
}
