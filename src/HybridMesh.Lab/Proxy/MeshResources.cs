using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>The objects that make up the mesh's routing, read from both planes.</summary>
internal sealed record MeshResources
{
    public IReadOnlyList<JsonObject> Services { get; init; } = [];

    public IReadOnlyList<JsonObject> Pods { get; init; } = [];

    public IReadOnlyList<JsonObject> Endpoints { get; init; } = [];

    public IReadOnlyList<JsonObject> ServiceEntries { get; init; } = [];

    public IReadOnlyList<JsonObject> WorkloadEntries { get; init; } = [];

    public IReadOnlyList<JsonObject> VirtualServices { get; init; } = [];

    public IReadOnlyList<JsonObject> DestinationRules { get; init; } = [];

    public IReadOnlyList<JsonObject> Gateways { get; init; } = [];

    public static bool Concerns(string kind) => kind is "Service" or "Pod" or "Endpoints" or "ServiceEntry"
        or "WorkloadEntry" or "VirtualService" or "DestinationRule" or "Gateway";

    public static MeshResources Read(ObjectStore dataPlane, ObjectStore controlPlane) => new()
    {
        Services = dataPlane.List("Service"),
        Pods = dataPlane.List("Pod"),
        Endpoints = dataPlane.List("Endpoints"),
        ServiceEntries = Oldest(controlPlane.List("ServiceEntry")),
        WorkloadEntries = controlPlane.List("WorkloadEntry"),
        VirtualServices = Oldest(controlPlane.List("VirtualService")),
        DestinationRules = Oldest(controlPlane.List("DestinationRule")),
        Gateways = Oldest(controlPlane.List("Gateway")),
    };

    // Istio lets the older of two competing resources win.
    private static IReadOnlyList<JsonObject> Oldest(IReadOnlyList<JsonObject> items) =>
        [.. items.OrderBy(item => item.Text("metadata", "creationTimestamp") ?? "", StringComparer.Ordinal)];
}
