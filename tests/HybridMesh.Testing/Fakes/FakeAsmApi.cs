using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using HybridMesh.Core;

namespace HybridMesh.Testing;

/// <summary>
/// The ASM API over two API servers in memory: it makes the objects AddVmAppToMesh makes and, with Force, skips those
/// whose name is taken.
/// </summary>
public sealed class FakeAsmApi(FakeKubernetesApi dataPlane, FakeKubernetesApi controlPlane) : IAsmApi
{
    private const string Manager = "asm-server";

    /// <summary>The AddVmAppToMesh calls, in order.</summary>
    public ConcurrentQueue<AsmVmAppRequest> Added { get; } = [];

    /// <summary>How many RemoveVmAppFromMesh calls came.</summary>
    public int Removals { get; private set; }

    /// <summary>Asked before every call; an exception becomes the call's outcome.</summary>
    public Action OnCall { get; set; } = () => { };

    /// <summary>Whether an entry is made; false drops it silently.</summary>
    public Func<string, bool> Makes { get; set; } = _ => true;

    /// <inheritdoc/>
    public Uri Endpoint { get; } = new("http://127.0.0.1:1/");

    /// <inheritdoc/>
    public Task AddVmAppToMeshAsync(AsmVmAppRequest request, CancellationToken cancellationToken)
    {
        OnCall();
        Added.Enqueue(request);
        string name = $"mesh-expansion-{request.ServiceName}";
        JsonObject labels = Map(request.Labels);
        Create(controlPlane, KubernetesKind.ServiceEntry, request.Namespace, name, new JsonObject
        {
            ["hosts"] = new JsonArray($"{request.ServiceName}.{request.Namespace}.svc.cluster.local"),
            ["location"] = "MESH_INTERNAL",
            ["resolution"] = "STATIC",
            ["ports"] = new JsonArray([.. request.Ports.Select(port => (JsonNode)new JsonObject
            {
                ["name"] = port.ObjectName, ["number"] = port.Number, ["protocol"] = port.Protocol,
            })]),
            ["workloadSelector"] = new JsonObject { ["labels"] = labels },
        });
        for (int i = 0; i < request.Addresses.Count; i++)
        {
            JsonObject spec = new() { ["address"] = request.Addresses[i], ["labels"] = labels.DeepClone() };
            if (request.ServiceAccount is not null)
            {
                spec["serviceAccount"] = request.ServiceAccount;
            }

            if (Makes(request.Addresses[i]))
            {
                Create(controlPlane, KubernetesKind.WorkloadEntry, request.Namespace, $"{name}-{i + 1}", spec);
            }
        }

        Create(dataPlane, KubernetesKind.Service, request.Namespace, request.ServiceName, new JsonObject
        {
            ["ports"] = new JsonArray([.. request.Ports.Select(port => (JsonNode)new JsonObject
            {
                ["name"] = port.ObjectName, ["port"] = port.Number, ["targetPort"] = port.Number, ["protocol"] = "TCP",
            })]),
        });
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task RemoveVmAppFromMeshAsync(
        string meshId, string ns, string serviceName, CancellationToken cancellationToken)
    {
        OnCall();
        Removals++;
        string name = $"mesh-expansion-{serviceName}";
        await controlPlane.DeleteAsync(KubernetesKind.ServiceEntry, ns, name, null, dryRun: false, cancellationToken);
        await dataPlane.DeleteAsync(KubernetesKind.Service, ns, serviceName, null, dryRun: false, cancellationToken);
        for (int i = 1; await controlPlane.DeleteAsync(
            KubernetesKind.WorkloadEntry, ns, $"{name}-{i}", null, dryRun: false, cancellationToken); i++)
        {
        }
    }

    /// <summary>What GetVmMeta answers.</summary>
    public Dictionary<string, string> VmMeta { get; } = [];

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, string>> GetVmMetaAsync(
        string meshId, string? ns, string? serviceAccount, string? trustDomain, CancellationToken cancellationToken)
    {
        OnCall();
        return Task.FromResult<IReadOnlyDictionary<string, string>>(VmMeta);
    }

    /// <inheritdoc/>
    public Task<string> GetKubeconfigAsync(string meshId, bool privateAddress, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<JsonObject> GetMeshAsync(string meshId, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static void Create(
        FakeKubernetesApi api, KubernetesKind kind, string ns, string name, JsonObject spec)
    {
        if (api.Peek(kind, ns, name) is null)
        {
            JsonObject manifest = new()
            {
                ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = ns },
                ["spec"] = spec,
            };
            api.Seed(kind, manifest.ToJsonString(), Manager);
        }
    }

    private static JsonObject Map(IReadOnlyDictionary<string, string> map) =>
        new(map.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));
}
