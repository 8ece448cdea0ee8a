using Microsoft.AspNetCore.Http;

namespace HybridMesh.Lab;

/// <summary>A route of a virtual host: the first whose match holds takes the request.</summary>
internal sealed class HttpRoute
{
    /// <summary>Alternatives; none means every request.</summary>
    public IReadOnlyList<RouteMatch> Matches { get; init; } = [];

    /// <summary>Where requests go; null with a redirect or a direct response.</summary>
    public WeightedChoice<RouteTarget>? Targets { get; init; }

    public RouteRedirect? Redirect { get; init; }

    public RouteRewrite? Rewrite { get; init; }

    public RouteFault? Fault { get; init; }

    public (int Status, string Body)? DirectResponse { get; init; }

    public TimeSpan? Timeout { get; init; }

    /// <summary>Whether the route takes the request, and by which match.</summary>
    public bool Takes(HttpRequest request, ReadOnlySpan<char> path, out RouteMatch? by)
    {
        by = null;
        if (Matches.Count == 0)
        {
            return true;
        }

        foreach (RouteMatch match in Matches)
        {
            if (match.IsMatch(request, path))
            {
                by = match;
                return true;
            }
        }

        return false;
    }
}

internal sealed record RouteRedirect(string? Uri, string? Authority, string? Scheme, int? Port, int Status);

internal sealed record RouteRewrite(string? Uri, string? Authority)
{
    /// <summary>The new path: the matched prefix is replaced, or else the whole path.</summary>
    public string? Path(ReadOnlySpan<char> path, RouteMatch? by) =>
        Uri is null ? null : by?.Uri?.Prefix is string prefix ? string.Concat(Uri, path[prefix.Length..]) : Uri;
}

/// <summary>Injected failures; percentages from 0 to 100.</summary>
internal sealed record RouteFault(int? AbortStatus, double AbortPercent, TimeSpan? Delay, double DelayPercent);
