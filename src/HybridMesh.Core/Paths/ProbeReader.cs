using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace HybridMesh.Core;

/// <summary>Reads the report of <see cref="ProbeScript"/>.</summary>
internal static partial class ProbeReader
{
    private static readonly int[] CurlTls = [35, 51, 53, 54, 58, 59, 60, 64, 66, 77, 80, 82, 83, 90, 91];

    /// <summary>What the probe found.</summary>
    /// <param name="result">How the script ended.</param>
    /// <param name="uri">The URL asked for.</param>
    /// <param name="mark">The word its lines start with.</param>
    /// <param name="from">Where it ran, for messages.</param>
    /// <param name="withHead">Whether the script was asked for the headers too.</param>
    /// <exception cref="MeshException">NoHttpClient; RemoteCommandFailed, when there is no report.</exception>
    public static ProbeReport Read(
        CommandResult result, Uri uri, string mark, string from, bool withHead = false)
    {
        Lines lines = new(result.Output, mark);
        if (lines.First("start") is null)
        {
            throw new MeshException(
                MeshErrorCode.RemoteCommandFailed,
                $"The probe could not run on {from}: sh ended with exit code {result.ExitCode}. "
                    + $"{Shorten(result.ErrorOutput)}");
        }

        string client = lines.First("client") ?? "none";
        if (client == "none")
        {
            throw new MeshException(
                MeshErrorCode.NoHttpClient,
                uri.Scheme == Uri.UriSchemeHttps
                    ? $"{from} has neither curl nor wget to send an https request with (bash's /dev/tcp speaks no "
                        + "TLS); install one of them."
                    : $"{from} has none of curl, wget and bash (whose /dev/tcp would do) to send a request with; "
                        + "install one of them.");
        }

        ProbeReport report = new()
        {
            Client = client,
            HostsAddresses = [.. lines.All("hosts")],
            Addresses = [.. lines.All("address").Distinct(StringComparer.Ordinal)],
        };
        bool unresolved = lines.First("resolver") is not null && report.Addresses.Count == 0;
        return client switch
        {
            "curl" => WithHead(Curl(report, lines, uri, unresolved, result.ErrorOutput), withHead),
            "wget" => Wget(report, lines, unresolved),
            _ => Bash(report, lines, unresolved, result.ErrorOutput),
        };
    }

    private static ProbeReport Curl(ProbeReport report, Lines lines, Uri uri, bool unresolved, string errors)
    {
        int exit = lines.Number("exit") ?? -1;
        string[] facts = (lines.First("curl") ?? "").Split(' ');
        double Time(int i) =>
            facts.Length > i
                && double.TryParse(facts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out double s) ? s : 0;
        int status =
            facts.Length > 0
                && int.TryParse(facts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int code) ? code : 0;
        PathStage? failed = exit switch
        {
            // 63: the answer was longer than we read, which says nothing against the path.
            0 or 63 when status > 0 => null,
            6 => PathStage.Resolve,
            28 when Time(2) <= 0 => unresolved ? PathStage.Resolve : PathStage.Connect,
            28 when uri.Scheme == Uri.UriSchemeHttps && Time(3) <= 0 => PathStage.Tls,
            7 => PathStage.Connect,
            _ when CurlTls.Contains(exit) => PathStage.Tls,
            _ => PathStage.Http,
        };
        return report with
        {
            FailedStage = failed,
            Error = failed is null ? null : Shorten(CurlPrefix().Replace(errors, "")),
            StatusCode = status > 0 ? status : null,
            Body = lines.Body,
            Latency = failed is null ? TimeSpan.FromSeconds(Time(4)) : null,
        };
    }

    private static ProbeReport Wget(ProbeReport report, Lines lines, bool unresolved)
    {
        string errors = string.Join('\n', lines.All("error"));
        Match status = StatusLine().Matches(errors).LastOrDefault() ?? Match.Empty;
        PathStage? failed = status.Success
            ? null
            : unresolved || Unresolved().IsMatch(errors)
            ? PathStage.Resolve
            : Tls().IsMatch(errors) || lines.Number("exit") == 5
            ? PathStage.Tls
            : errors.Contains("connected.", StringComparison.Ordinal) ? PathStage.Http : PathStage.Connect;
        return report with
        {
            FailedStage = failed,
            Error = failed is null ? null : Shorten(errors),
            StatusCode = status.Success ? int.Parse(status.Groups[1].Value, CultureInfo.InvariantCulture) : null,
            Head = errors,
            Body = lines.Body,
            Latency = lines.Took,
        };
    }

    private static ProbeReport Bash(ProbeReport report, Lines lines, bool unresolved, string errors)
    {
        (int? status, string body) = HttpText.Parse(lines.Body);
        bool connected = lines.First("begin") is not null;
        PathStage? failed = status is not null
            ? null
            : connected
            ? PathStage.Http
            : unresolved || Unresolved().IsMatch(errors) ? PathStage.Resolve : PathStage.Connect;
        return report with
        {
            FailedStage = failed,
            Error = failed is null ? null : Shorten(errors),
            StatusCode = status,
            Head = HeadOf(lines.Body).Head,
            Body = body,
            Latency = failed is null ? lines.Took : null,
        };
    }

    // curl has taken the body's chunks apart, but shows the headers as they came.
    private static ProbeReport WithHead(ProbeReport report, bool withHead)
    {
        (string head, string body) = withHead ? HeadOf(report.Body) : ("", report.Body);
        return report with { Head = head, Body = body };
    }

    private static (string Head, string Body) HeadOf(string answer)
    {
        int end = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return end < 0 ? ("", answer) : (answer[..end], answer[(end + 4)..]);
    }

    private static string Shorten(string text)
    {
        string line = text.Trim().ReplaceLineEndings(" ");
        return line.Length > 300 ? line[..300] + "..." : line;
    }

    [GeneratedRegex(@"\bHTTP/[0-9.]+ ([0-9]{3})", RegexOptions.Multiline)]
    private static partial Regex StatusLine();

    [GeneratedRegex("resolve host|bad address|Name or service not known|Temporary failure in name|not known|No "
        + "address associated", RegexOptions.IgnoreCase)]
    private static partial Regex Unresolved();

    [GeneratedRegex("SSL|TLS|certificate", RegexOptions.IgnoreCase)]
    private static partial Regex Tls();

    [GeneratedRegex(@"^curl: \([0-9]+\) ", RegexOptions.Multiline)]
    private static partial Regex CurlPrefix();

    /// <summary>The report's lines apart from the answer between them.</summary>
    private sealed class Lines
    {
        private readonly List<(string Key, string Value)> _lines = [];

        public Lines(string output, string mark)
        {
            StringBuilder? body = null;
            bool ended = false;
            foreach (string line in output.Split('\n'))
            {
                if (!line.StartsWith(mark + ":", StringComparison.Ordinal))
                {
                    if (body is not null && !ended)
                    {
                        body.Append(body.Length == 0 ? "" : "\n").Append(line);
                    }

                    continue;
                }

                string[] parts = line[(mark.Length + 1)..].Split(' ', 2);
                _lines.Add((parts[0], parts.Length > 1 ? parts[1] : ""));
                ended = body is not null;
                body ??= parts[0] == "begin" ? new StringBuilder() : null;
            }

            Body = body?.ToString() ?? "";
        }

        public string Body { get; }

        public TimeSpan? Took
        {
            get
            {
                long[] times = [.. (First("took") ?? "").Split(' ')
                    .Select(text =>
                        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long t) ? t : 0)];
                return times.Length == 2 && times[0] > 0 && times[1] >= times[0]
                    ? TimeSpan.FromTicks((times[1] - times[0]) / TimeSpan.NanosecondsPerTick)
                    : null;
            }
        }

        public string? First(string key) => All(key).FirstOrDefault();

        public IEnumerable<string> All(string key) =>
            _lines.Where(line => line.Key == key).Select(line => line.Value);

        public int? Number(string key) =>
            int.TryParse(First(key), NumberStyles.Integer, CultureInfo.InvariantCulture, out int number)
                ? number : null;
    }
}
