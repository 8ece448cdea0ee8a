using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace HybridMesh.Lab;

/// <summary>One entry of a route's <c>match</c>: all its conditions hold.</summary>
internal sealed class RouteMatch
{
    private readonly StringMatch? _method;
    private readonly StringMatch? _scheme;
    private readonly StringMatch? _authority;
    private readonly (string Name, StringMatch Match)[] _headers;
    private readonly (string Name, StringMatch Match)[] _withoutHeaders;
    private readonly (string Name, StringMatch Match)[] _query;

    public RouteMatch(JsonNode match)
    {
        Uri = match.At("uri") is { } uri ? new StringMatch(uri, match.Flag("ignoreUriCase")) : null;
        _method = One(match.At("method"));
        _scheme = One(match.At("scheme"));
        _authority = One(match.At("authority"));
        _headers = Named(match.At("headers"));
        _withoutHeaders = Named(match.At("withoutHeaders"));
        _query = Named(match.At("queryParams"));
    }

    public StringMatch? Uri { get; }

    public bool IsMatch(HttpRequest request, ReadOnlySpan<char> path) =>
        (Uri is null || Uri.IsMatch(path))
        && (_method is null || _method.IsMatch(request.Method))
        && (_scheme is null || _scheme.IsMatch(request.Scheme))
        && (_authority is null || _authority.IsMatch(request.Host.Value))
        && (_headers.Length == 0 || Array.TrueForAll(_headers, item => Holds(request.Headers[item.Name], item.Match)))
        && (_withoutHeaders.Length == 0
            || !Array.Exists(_withoutHeaders, item => Holds(request.Headers[item.Name], item.Match)))
        && (_query.Length == 0 || Array.TrueForAll(_query, item => Holds(request.Query[item.Name], item.Match)));

    // Envoy matches repeated headers as one value joined by commas.
    private static bool Holds(StringValues values, StringMatch match) =>
        values.Count > 0 && match.IsMatch(values.ToString());

    private static StringMatch? One(JsonNode? node) => node is null ? null : new StringMatch(node);

    private static (string, StringMatch)[] Named(JsonNode? node) =>
        node is JsonObject item
            ? [.. item.Select(pair => (pair.Key, new StringMatch(pair.Value ?? new JsonObject())))]
            : [];
}
