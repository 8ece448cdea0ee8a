using System.Net;
using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>The listeners a state of both planes asks for; immutable.</summary>
internal sealed record RoutingSnapshot(
    IReadOnlyDictionary<IPEndPoint, PortTable> Listeners, IReadOnlyList<IngressPort> IngressPorts,
    IReadOnlyList<string> Problems);

/// <summary>A port the ingress gateway opens.</summary>
internal sealed record IngressPort(int Number, string Name, AppProtocol Protocol);
