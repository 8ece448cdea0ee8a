namespace HybridMesh.Core;

/// <summary>How things that were noted are taken back; see <see cref="SidecarRecordScript"/>.</summary>
internal static class SidecarUndoScript
{
    /// <summary>
    /// <c>undo</c> takes back what was done since <c>begin</c>. The parts take the noted lines from the variable
    /// <c>due</c>; each can be repeated.
    /// </summary>
    public const string Functions = """
        r=
        for c in docker podman; do
          [ -n "$r" ] || ! command -v $c > /dev/null 2>&1 || r=$c
        done
        run() { [ -n "$r" ] && $r "$@" < /dev/null 9>&-; }
        each() { printf '%s\n' "$due" | sed -n "s/^$1 //p"; }
        restore() {
          [ -d "$(dirname "$2")" ] || return 0
          r_t=$(dirname "$2")/.hybridmesh.$$
          cp -Pp "$1" "$r_t" && mv -f "$r_t" "$2" || { rm -f "$r_t"; return 1; }
        }
        drop_package() {
          each package | while read -r kind n; do
            case $kind in
              deb) dpkg --purge --force-remove-reinstreq "$n" 9>&- ;;
              rpm) ! rpm -q "$n" > /dev/null 2>&1 || rpm -e "$n" 9>&- ;;
            esac > /dev/null 2>&1 < /dev/null
          done
          each user | while read -r n; do
            ! id "$n" > /dev/null 2>&1 || { userdel "$n" || deluser "$n"; } > /dev/null 2>&1
            ! getent group "$n" > /dev/null 2>&1 || { groupdel "$n" || delgroup "$n"; } > /dev/null 2>&1
          done
        }
        give_back() {
          each owner | while read -r p o; do [ ! -d "$p" ] || chown "$o" "$p"; done
        }
        drop_folders() {
          # Deepest first, and only what nobody put anything into.
          each dir | sort -r | while read -r p; do rmdir "$p" 2> /dev/null; done
        }
        clean_rules() {
          command -v iptables-save > /dev/null 2>&1 || return 0
          for c in iptables ip6tables; do
            $c-save 2> /dev/null | grep -q ISTIO_ || continue
            if command -v pilot-agent > /dev/null 2>&1; then
              pilot-agent istio-clean-iptables 9>&-
            elif command -v istio-iptables > /dev/null 2>&1; then
              istio-iptables --clean 9>&-
            fi > /dev/null 2>&1
            # The agent's own way may be gone with its package: every line that names a chain of Istio's goes.
            ! $c-save 2> /dev/null | grep -q ISTIO_ || $c-save 2> /dev/null | grep -v ISTIO_ | $c-restore 2> /dev/null
            ! $c-save 2> /dev/null | grep -q ISTIO_ || echo rules
          done
        }
        undo() {
          trap '' HUP INT TERM
          u=$own/undo
          touch "$u/installed.old"
          [ ! -e "$u/installed" ] || cp "$u/installed" "$u/installed.old"
          due=$([ ! -e "$record" ] || while IFS= read -r p; do
            grep -qxF -- "$p" "$u/installed.old" || printf '%s\n' "$p"
          done < "$record")
          undo_container
          case $(cat "$u/service" 2> /dev/null) in active|activating|reloading) was=active ;; *) was= ;; esac
          if [ "$was" != active ] && command -v systemctl > /dev/null 2>&1; then
            service stop > /dev/null 2>&1
            service reset-failed > /dev/null 2>&1
          fi
          kept=
          while read -r p; do
            k=$(name_of "$p")
            if there "$u/$k"; then restore "$u/$k" "$p"; else rm -f "$p"; fi || { kept=1; echo "kept $p"; }
          done < "$u/list"
          # It does nothing unless the hosts file is still as this run wrote it.
          [ ! -e "$u/hosts-undo" ] || sh "$u/hosts-undo" > /dev/null 2>&1 < /dev/null 9>&-
          for n in $(each enabled); do service disable > /dev/null 2>&1; done
          if command -v systemctl > /dev/null 2>&1; then
            systemctl daemon-reload > /dev/null 2>&1
            [ "$was" != active ] || service restart > /dev/null 2>&1
          fi
          [ "$was" = active ] || [ -e "$u/container" ] || clean_rules
          drop_package
          give_back
          each file | while read -r p how; do [ "$how" = new ] || rm -f "$own/original/$(name_of "$p")"; done
          if [ -e "$u/installed" ]; then cp -p "$u/installed" "$record"; else rm -f "$record"; fi
          # What could not be put back is not to be had anywhere else.
          if [ -n "$kept" ]; then rm -rf "$own/previous" && mv "$u" "$own/previous"; else rm -rf "$u"; fi
          rmdir "$own/original" 2> /dev/null
          drop_folders
          echo undone
        }
        undo_container() {
          [ -e "$u/container" ] || return 0
          if run inspect --type container istio-proxy-hybridmesh > /dev/null 2>&1; then
            run rm -f istio-proxy > /dev/null 2>&1
            run rename istio-proxy-hybridmesh istio-proxy > /dev/null && run start istio-proxy > /dev/null
          elif [ "$(cat "$u/container")" = old ]; then
            run start istio-proxy > /dev/null
          else
            run exec istio-proxy pilot-agent istio-clean-iptables > /dev/null 2>&1
            run rm -f istio-proxy > /dev/null 2>&1
            clean_rules
          fi
        }

        """;
}
