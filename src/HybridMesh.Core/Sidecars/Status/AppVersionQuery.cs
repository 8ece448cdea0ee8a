using System.Globalization;
using System.Text;

namespace HybridMesh.Core;

/// <summary>
/// How the app on a VM tells its version: a URL that is asked on the VM itself, and how to read the answer.
/// </summary>
public sealed class AppVersionQuery
{
    private readonly IVersionAttribution _attribution;

    /// <summary>Makes a query.</summary>
    /// <param name="uri">The URL, http or https, as the VM reaches it.</param>
    /// <param name="patterns">A regular expression per version that matches its answers; null to take a header.</param>
    /// <param name="header">The response header that names the version; null to match patterns.</param>
    /// <param name="timeout">How long the app may take.</param>
    /// <exception cref="MeshException">ArgumentInvalid.</exception>
    public AppVersionQuery(
        Uri uri, IReadOnlyList<KeyValuePair<string, string>>? patterns, string? header, TimeSpan timeout)
    {
        ArgumentNullException.ThrowIfNull(uri);
        if (!uri.IsAbsoluteUri || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps))
        {
            throw new MeshException(
                MeshErrorCode.ArgumentInvalid,
                $"-AppUri '{uri}' is no http or https URL; write http://<address>:<port>/<path>.",
                uri);
        }

        if (header is null == (patterns is null or { Count: 0 }))
        {
            throw new MeshException(
                MeshErrorCode.ArgumentInvalid,
                "-AppUri needs either -VersionPattern, such as @{ v1 = '^Hello'; v2 = '^Bonjour' }, or -VersionHeader "
                + "to tell the versions apart.",
                uri);
        }

        Uri = uri;
        Timeout = timeout;
        Header = header;
        _attribution = header is null ? new PatternAttribution(patterns!) : new HeaderAttribution(header);
    }

    /// <summary>The URL.</summary>
    public Uri Uri { get; }

    /// <summary>How long the app may take.</summary>
    public TimeSpan Timeout { get; }

    /// <summary>The response header that names the version; null when patterns do.</summary>
    public string? Header { get; }

    internal SidecarFacts AddTo(SidecarFacts facts, CommandResult result, string mark)
    {
        ProbeReport report;
        try
        {
            report = ProbeReader.Read(result, Uri, mark, $"VM {facts.Vm}", Header is not null);
        }
        catch (MeshException e)
        {
            return facts with { AppDetail = e.Message };
        }

        if (report.StatusCode is null or < 200 or >= 300)
        {
            return facts with
            {
                AppDetail = report.StatusCode is { } code
                    ? string.Create(CultureInfo.InvariantCulture, $"{Uri} answered {code}")
                    : $"{Uri} did not answer{(string.IsNullOrEmpty(report.Error) ? "" : $" ({report.Error})")}",
            };
        }

        string? version = _attribution.VersionOf(new LoadAnswer
        {
            Ticket = 0,
            Body = Encoding.UTF8.GetBytes(report.Body),
            Header = Header is null ? null : report.HeaderOf(Header),
        });
        return facts with
        {
            AppVersion = version,
            AppDetail = version is null
                ? $"{Uri} answered '{Shorten(report.Body)}', which tells no version. {_attribution.Remedy}" : null,
        };
    }

    private static string Shorten(string body)
    {
        string line = body.Trim().ReplaceLineEndings(" ");
        return line.Length > 80 ? line[..80] + "..." : line;
    }
}
