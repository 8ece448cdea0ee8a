using System.Globalization;
using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>Turns VirtualServices' routes into what the proxy walks per request.</summary>
internal sealed class RouteCompiler(ClusterCatalog clusters)
{
    /// <summary>The gateway name that stands for the sidecars of the mesh.</summary>
    public const string Mesh = "mesh";

    /// <summary>The gateways a VirtualService is bound to: <c>mesh</c> or <c>namespace/name</c>.</summary>
    public static IReadOnlyList<string> GatewaysOf(JsonObject virtualService)
    {
        string[] named = [.. virtualService.Texts("spec", "gateways")];
        return named.Length == 0 ? [Mesh] : Array.ConvertAll(named, name => Qualify(name, virtualService.Namespace()));
    }

    /// <summary>The http routes that apply to a gateway's port, in order.</summary>
    public IEnumerable<HttpRoute> Http(JsonObject virtualService, string gateway, int port)
    {
        string ns = virtualService.Namespace();
        foreach (JsonNode route in virtualService.Items("spec", "http"))
        {
            JsonNode[] matches = [.. route.Items("match")];
            JsonNode[] applying = Array.FindAll(matches, match => Applies(match, gateway, port, ns));
            if (matches.Length == 0 || applying.Length > 0)
            {
                yield return new HttpRoute
                {
                    Matches = Array.ConvertAll(applying, match => new RouteMatch(match)),
                    Targets = Targets(route, ns, port),
                    Redirect = Redirect(route.At("redirect")),
                    DirectResponse = route.Number("directResponse", "status") is int status
                        ? (status, route.Text("directResponse", "body", "string") ?? "") : null,
                    Rewrite = route.At("rewrite") is { } rewrite
                        ? new RouteRewrite(rewrite.Text("uri"), rewrite.Text("authority")) : null,
                    Fault = Fault(route.At("fault")),
                    Timeout = Duration(route.Text("timeout")),
                };
            }
        }
    }

    /// <summary>The destinations of the first tcp route that applies; null without one.</summary>
    public WeightedChoice<RouteTarget>? Tcp(JsonObject virtualService, string gateway, int port)
    {
        string ns = virtualService.Namespace();
        JsonNode? route = virtualService.Items("spec", "tcp").FirstOrDefault(item =>
            !item.Items("match").Any() || item.Items("match").Any(match => Applies(match, gateway, port, ns)));
        return route is null ? null : Targets(route, ns, port);
    }

    private WeightedChoice<RouteTarget>? Targets(JsonNode route, string ns, int port)
    {
        JsonNode[] destinations = [.. route.Items("route")];
        return destinations.Length == 0 ? null : new WeightedChoice<RouteTarget>(destinations.Select(item => (
            new RouteTarget(item.At("destination") is { } named ? clusters.Resolve(named, ns, port) : null),
            destinations.Length == 1 ? 1 : item.Number("weight") ?? 0)));
    }

    // What source labels demand can't be seen here: the callers are plain processes. Such a match takes nothing.
    private static bool Applies(JsonNode match, string gateway, int port, string ns) =>
        (match.Number("port") is not int wanted || wanted == port)
        && (match.At("gateways") is null || match.Texts("gateways").Any(name => Qualify(name, ns) == gateway))
        && match.At("sourceLabels") is null && match.At("sourceNamespace") is null;

    private static string Qualify(string gateway, string ns) =>
        gateway == Mesh || gateway.Contains('/', StringComparison.Ordinal) ? gateway : $"{ns}/{gateway}";

    private static RouteRedirect? Redirect(JsonNode? node) => node is null ? null : new RouteRedirect(
        node.Text("uri"), node.Text("authority"), node.Text("scheme"), node.Number("port"),
        node.Number("redirectCode") ?? 301);

    private static RouteFault? Fault(JsonNode? node) => node is null ? null : new RouteFault(
        node.Number("abort", "httpStatus"), Percent(node.At("abort")),
        Duration(node.Text("delay", "fixedDelay")), Percent(node.At("delay")));

    private static double Percent(JsonNode? fault) => fault.Fraction("percentage", "value") ?? 100;

    // Durations as protobuf writes them (1.5s) and as Go reads them (100ms, 1m, 1h).
    private static TimeSpan? Duration(string? text)
    {
        (string Unit, double Seconds)[] units = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600)];
        foreach ((string unit, double seconds) in units)
        {
            if (text?.EndsWith(unit, StringComparison.Ordinal) == true
                && double.TryParse(
                    text[..^unit.Length], NumberStyles.Float, CultureInfo.InvariantCulture, out double number))
            {
                return number > 0 ? TimeSpan.FromSeconds(number * seconds) : null;
            }
        }

        return null;
    }
}
