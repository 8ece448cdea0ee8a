namespace HybridMesh.Core;

/// <summary>
/// Takes a sidecar off a VM by what was written down of it, as root, under the VM's lock. The record goes last, so that
/// a run that failed half-way can be repeated; a signal does not end it.
/// </summary>
internal static class SidecarRemoveScript
{
    /// <summary>The script.</summary>
    public static string Text => SidecarRecordScript.Functions + Main.ReplaceLineEndings("\n");

    private const string Main = """
        failed() {
          printf 'failed %s\n' "$1"
          printf '%s\n' "$2" | tail -n 15 | sed 's/^/reason /'
          unlock
          exit 0
        }
        stop_container() {
          [ -n "$(each container)" ] && [ -n "$r" ] || return 0
          run inspect --type container istio-proxy > /dev/null 2>&1 || return 0
          # Its rules are in the VM's own network, and its image has what takes them back.
          run exec istio-proxy pilot-agent istio-clean-iptables > /dev/null 2>&1
          run stop istio-proxy > /dev/null 2>&1
          said=$(run rm -f istio-proxy 2>&1) || failed container "$said"
        }
        stop_service() {
          [ -z "$(each container)" ] && command -v systemctl > /dev/null 2>&1 || return 0
          said=$(service stop 2>&1)
          case $(systemctl is-active istio 2> /dev/null) in
            active|activating|deactivating|reloading) failed stop "$said" ;;
          esac
          service reset-failed > /dev/null 2>&1
          for n in $(each enabled); do service disable > /dev/null 2>&1; done
          return 0
        }
        files_back() {
          each file | {
            bad=0
            while read -r p how; do
              k=$own/original/$(name_of "$p")
              if [ "$how" = new ]; then rm -f "$p"
              elif there "$k"; then restore "$k" "$p"
              fi || bad=1
            done
            return $bad
          }
        }
        own_away() {
          # The agent's own state; nobody else writes there.
          ! noted "dir /etc/istio/proxy" || rm -rf /etc/istio/proxy/* /etc/istio/proxy/.[!.]*
          rm -rf "$own/previous" "$own/original" "$own/undo.new"
          due=$(grep -v "^dir $own\$" "$record" | grep -v "^dir $(dirname "$own")\$")
          drop_folders
          due=$(cat "$record")
          rm -f "$record" && drop_folders
        }
        main() {
          echo HybridMesh
          unset SSH_CONNECTION SSH_CLIENT SSH_TTY
          LC_ALL=C
          export LC_ALL
          umask 077
          cd / || exit 1
          lock sidecar
          trap '' HUP INT TERM PIPE
          [ ! -d "$own/undo" ] || undo
          if [ ! -f "$record" ]; then
            unlock
            echo absent
            exit 0
          fi
          due=$(cat "$record")
          stop_container
          stop_service
          left=$(clean_rules)
          if ! said=$(files_back 2>&1); then failed write "$said"; fi
          ! command -v systemctl > /dev/null 2>&1 || systemctl daemon-reload > /dev/null 2>&1
          drop_package
          give_back
          own_away
          [ -z "$left" ] || echo rules
          unlock
          echo done
        }
        main < /dev/null
        exit 0
        """;
}
