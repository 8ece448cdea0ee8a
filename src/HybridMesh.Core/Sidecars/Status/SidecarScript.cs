using System.Globalization;

namespace HybridMesh.Core;

/// <summary>
/// What reads a sidecar on a VM, for any POSIX shell, as root, because its files are the proxy's alone. It changes
/// nothing. Of a token only the part that says when it ends leaves the VM, never the signature that makes it one.
/// </summary>
internal static class SidecarScript
{
    private static readonly TimeSpan ReadyTimeout = TimeSpan.FromSeconds(5);

    // Lines of a word and a value; contents of files in base64.
    private const string Body = """
        set -f
        LC_ALL=C; export LC_ALL
        say() { printf '%s %s\n' "$1" "$2"; }
        has() { command -v "$1" > /dev/null 2>&1; }
        limited() { if has timeout; then timeout 5 "$@"; else "$@"; fi; }
        file() { [ ! -f "$2" ] || say "$1" "$(base64 < "$2" | tr -d '\n')"; }
        token() {
          [ -f "$2" ] || return 0
          t=$(cat "$2")
          case $t in
            *.*.*.*) say "$1" malformed ;;
            *.*.*)
              t=${t#*.}
              t=${t%%.*}
              case $t in ''|*[!A-Za-z0-9_=-]*) say "$1" malformed ;; *) say "$1" "payload $t" ;; esac ;;
            *) say "$1" malformed ;;
          esac
          t=
        }
        running=0
        if has systemctl; then
          s=$(limited systemctl is-active "$HM_SERVICE" 2> /dev/null < /dev/null | head -n 1)
          say service "$s"
          case $s in active|reloading) running=1 ;; esac
        elif has service && limited service "$HM_SERVICE" status > /dev/null 2>&1 < /dev/null; then
          say service active
          running=1
        fi
        for d in /etc/systemd/system /usr/lib/systemd/system /lib/systemd/system; do
          [ ! -f "$d/$HM_SERVICE.service" ] || say unit "$d/$HM_SERVICE.service"
        done
        [ ! -f "/etc/init.d/$HM_SERVICE" ] || say unit "/etc/init.d/$HM_SERVICE"
        v=
        if has dpkg-query; then
          v=$(dpkg-query -W -f='${Status}|${Version}' istio-sidecar 2> /dev/null)
          case $v in 'install ok installed|'*) v=${v#*|} ;; *) v= ;; esac
        fi
        if [ -z "$v" ] && has rpm; then
          v=$(rpm -q --qf '%{VERSION}' istio-sidecar 2> /dev/null < /dev/null) || v=
        fi
        [ -z "$v" ] || say version "$v"
        for a in pilot-agent /usr/local/bin/pilot-agent; do
          if [ -z "$v" ] && has "$a"; then
            say agent "$(limited "$a" version --short 2> /dev/null < /dev/null | head -n 1)"
            break
          fi
        done
        for r in docker podman; do
          if has "$r" && j=$(limited "$r" inspect --type container "$HM_CONTAINER" 2> /dev/null < /dev/null); then
            say container "$(printf '%s\n' "$j" | base64 | tr -d '\n')"
            case $j in *'"Running":true'*|*'"Running": true'*) running=1 ;; esac
            break
          fi
        done
        file package-env "$HM_ENV"
        file package-root "$HM_ROOT"
        file package-chain "$HM_CHAIN"
        token package-token "$HM_TOKEN"
        file container-env "$HM_FOLDER/cluster.env"
        file container-root "$HM_FOLDER/root-cert.pem"
        file container-chain "$HM_FOLDER/cert-chain.pem"
        token container-token "$HM_FOLDER/istio-token"
        token kept-token "$HM_KEPT"
        file hosts /etc/hosts
        say boot "$(sed -n 's/^btime //p' /proc/stat 2> /dev/null)"
        say installed "$(stat -c %Y "$HM_ENV" 2> /dev/null)"
        capture=unknown
        for s in iptables-save iptables-legacy-save iptables-nft-save; do
          if has "$s" && n=$(limited "$s" -t nat 2> /dev/null < /dev/null); then
            case $n in
              *:ISTIO_*) capture=present ;;
              *) [ "$capture" = present ] || capture=none ;;
            esac
          fi
        done
        say capture "$capture"
        say end .

        """;

    /// <summary>The script.</summary>
    /// <param name="ready">The URL of the agent's health check, asked only when the sidecar runs.</param>
    /// <param name="readyMark">The mark of that answer.</param>
    /// <param name="app">How the app tells its version; null when it is not asked.</param>
    /// <param name="appMark">The mark of the app's answer.</param>
    public static string Build(Uri ready, string readyMark, AppVersionQuery? app, string appMark)
    {
        (string Name, string Value)[] values =
        [
            ("HM_SERVICE", SidecarPlaces.Service),
            ("HM_CONTAINER", SidecarPlaces.Container),
            ("HM_ENV", SidecarPlaces.ClusterEnv),
            ("HM_ROOT", SidecarPlaces.RootCert),
            ("HM_CHAIN", SidecarPlaces.CertChain),
            ("HM_TOKEN", SidecarPlaces.Token),
            ("HM_KEPT", SidecarPlaces.KeptToken),
            ("HM_FOLDER", SidecarPlaces.ContainerFolder),
        ];
        return "echo HybridMesh\n"
            + string.Concat(values.Select(pair => $"{pair.Name}={ShellWord.Quote(pair.Value)}\n"))
            + Body.ReplaceLineEndings("\n")
            + string.Create(
                CultureInfo.InvariantCulture,
                $"[ \"$running\" = 0 ] || (\n{ProbeScript.Build(ready, ReadyTimeout, readyMark)})\n")
            + (app is null ? ""
                : $"(\n{ProbeScript.Build(app.Uri, app.Timeout, appMark, app.Header is not null)})\n")
            + "exit 0\n";
    }
}
