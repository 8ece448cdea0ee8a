using System.Globalization;
using System.Security.Cryptography;

namespace HybridMesh.Core;

/// <summary>
/// The POSIX sh script that sends one request from a VM or a pod and reports every stage in lines that start with a
/// word of its own, which no answer can guess. It writes nothing to disk. A VM's shell reads it from standard input: it
/// is one function, read whole before it runs, so that nothing it starts can eat the rest. A pod gets it as an
/// argument,
/// because exec of Kubernetes before 1.30 can't end a standard input; so it must fit into a URL.
/// </summary>
internal static class ProbeScript
{
    /// <summary>The command line that reads the script from standard input.</summary>
    public const string Command = "sh -s";

    /// <summary>The command that has the script as its argument.</summary>
    public static IReadOnlyList<string> CommandWith(string script) => ["sh", "-c", script];

    private const string Body = """
        hm_say() { printf '%s:%s\n' "$HM_MARK" "$*"; }
        hm_now() { hm_t=$(date +%s%N 2>/dev/null); case $hm_t in ''|*[!0-9]*) hm_t=0;; esac; }
        hm_curl() {
          hm_say begin
          curl -q -sS -g $HM_HEAD --path-as-is --noproxy '*' --connect-timeout "$HM_TIMEOUT" --max-time "$HM_TIMEOUT" \
            --max-filesize 1048576 \
            -w "\n$HM_MARK:curl %{http_code} %{time_namelookup} %{time_connect} %{time_appconnect} %{time_total}\n" \
            --url "$HM_URL"
          hm_say exit $?
        }
        hm_wget() {
          hm_options='-q'
          case $(wget --version 2>/dev/null) in
            *GNU*) hm_options='--no-config --no-hsts -t 1 --max-redirect=0 --content-on-error --no-proxy';;
          esac
          hm_now; hm_begun=$hm_t
          hm_say begin
          {
            hm_errors=$({ wget $hm_options -S -O - -T "$HM_TIMEOUT" "$HM_URL" >&4; echo "hm-exit $?"; } 2>&1)
          } 4>&1
          printf '\n'
          hm_now; hm_say took "$hm_begun" "$hm_t"
          printf '%s\n' "$hm_errors" | while IFS= read -r hm_line; do
            case $hm_line in 'hm-exit '*) hm_say exit "${hm_line#hm-exit }";; *) hm_say error "$hm_line";; esac
          done
        }
        hm_bash() {
          hm_now; hm_begun=$hm_t
          bash -c '
            ( sleep "$5"; kill -TERM $$ ) >/dev/null 2>&1 & watch=$!
            if ! exec 3<>"/dev/tcp/$1/$2"; then kill $watch; exit 7; fi
            printf "%s:begin\n" "$HM_MARK"
            printf "GET %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: hybridmesh\r\nAccept: */*\r\nConnection: close\r\n\r\n" \
              "$3" "$4" >&3
            while IFS= read -r line <&3; do printf "%s\n" "$line"; done
            printf "%s" "$line"
            kill $watch
          ' bash "$HM_HOST" "$HM_PORT" "$HM_PATH" "$HM_AUTHORITY" "$HM_TIMEOUT"
          hm_code=$?
          printf '\n'
          hm_now; hm_say took "$hm_begun" "$hm_t"
          hm_say exit "$hm_code"
        }
        hm_probe() {
          LC_ALL=C; export LC_ALL HM_MARK
          unset http_proxy https_proxy all_proxy no_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY
          set -f
          hm_say start
          if [ "$HM_LITERAL" = 0 ]; then
            while read -r hm_address hm_names || [ -n "$hm_address" ]; do
              case $hm_address in ''|'#'*) continue;; esac
              for hm_name in ${hm_names%%#*}; do
                [ ${#hm_name} = ${#HM_HOST} ] || continue
                [ "$(printf %s "$hm_name" | tr 'A-Z' 'a-z')" = "$HM_HOST" ] && hm_say hosts "$hm_address"
              done
            done 2>/dev/null < /etc/hosts
            if command -v getent >/dev/null 2>&1; then
              hm_say resolver getent
              getent ahosts "$HM_HOST" 2>/dev/null |
                while read -r hm_address hm_rest; do hm_say address "$hm_address"; done
            fi
          fi
          if command -v curl >/dev/null 2>&1; then hm_say client curl; hm_curl
          elif command -v wget >/dev/null 2>&1; then hm_say client wget; hm_wget
          elif command -v bash >/dev/null 2>&1 && [ "$HM_SCHEME" = http ]; then hm_say client bash; hm_bash
          else hm_say client none
          fi
          hm_say done
        }
        hm_probe </dev/null
        exit 0
        """;

    /// <summary>A word that marks the report's lines.</summary>
    public static string NewMark() => "hm" + RandomNumberGenerator.GetHexString(24, lowercase: true);

    /// <summary>The script for one request.</summary>
    /// <param name="uri">The URL.</param>
    /// <param name="timeout">How long the request may take.</param>
    /// <param name="mark">The word that the report's lines start with.</param>
    /// <param name="withHead">Whether the answer's headers are wanted too.</param>
    public static string Build(Uri uri, TimeSpan timeout, string mark, bool withHead = false)
    {
        string host = uri.IdnHost.ToLowerInvariant();
        bool literal = uri.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6;
        (string Name, string Value)[] values =
        [
            ("HM_MARK", mark),
            ("HM_URL", uri.AbsoluteUri.Split('#')[0]),
            ("HM_SCHEME", uri.Scheme),
            ("HM_HOST", host.Trim('[', ']')),
            ("HM_PORT", uri.Port.ToString(CultureInfo.InvariantCulture)),
            ("HM_PATH", uri.PathAndQuery),
            ("HM_AUTHORITY", uri.IsDefaultPort ? host : $"{host}:{uri.Port.ToString(CultureInfo.InvariantCulture)}"),
            ("HM_LITERAL", literal ? "1" : "0"),
            ("HM_HEAD", withHead ? "-i" : ""),
            ("HM_TIMEOUT", Math.Max(1, (int)timeout.TotalSeconds).ToString(CultureInfo.InvariantCulture)),
        ];
        return string.Concat(values.Select(pair => $"{pair.Name}={Quote(pair.Value)}\n"))
            + Body.ReplaceLineEndings("\n") + "\n";
    }

    // Between single quotes sh knows no special character but the single quote.
    private static string Quote(string value) => "'" + value.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
}
