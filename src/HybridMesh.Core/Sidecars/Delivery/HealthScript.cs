using System.Net;
using System.Net.Sockets;

namespace HybridMesh.Core;

/// <summary>Asks a sidecar's agent whether it is ready, from the VM itself, for any POSIX shell.</summary>
internal static class HealthScript
{
    /// <summary>
    /// Needs <c>host</c> (an IPv6 address in brackets). <c>client</c> is set to curl, wget, bash or none;
    /// <c>healthy</c> succeeds when the agent says it is ready.
    /// </summary>
    public const string Functions = """
        unset http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY
        client=none
        for c in bash wget curl; do
          ! command -v $c > /dev/null 2>&1 || client=$c
        done
        healthy() {
          case $client in
            curl) [ "$(curl -q -s -g --noproxy '*' -m 2 -o /dev/null -w '%{http_code}' \
              "http://$host:15021/healthz/ready" 2> /dev/null)" = 200 ] ;;
            wget) wget -q -t 1 -T 2 -O /dev/null "http://$host:15021/healthz/ready" 2> /dev/null ;;
            bash) bash -c '
              ( sleep 2; kill -TERM $$ ) > /dev/null 2>&1 & trap "kill $!" EXIT
              exec 3<> "/dev/tcp/$1/15021" || exit 1
              printf "GET /healthz/ready HTTP/1.0\r\nHost: sidecar\r\n\r\n" >&3
              read -r version code rest <&3
              [ "$code" = 200 ]' bash "$(printf %s "$host" | tr -d '[]')" 2> /dev/null 9>&- ;;
            *) return 1 ;;
          esac
        }

        """;

    /// <summary>The variables the functions need: where the agent listens.</summary>
    public static string Variables(string address) => $"host={ShellWord.Quote(
        IPAddress.TryParse(address, out IPAddress? ip) && ip.AddressFamily == AddressFamily.InterNetworkV6
            ? $"[{address}]" : address)}\n";
}
