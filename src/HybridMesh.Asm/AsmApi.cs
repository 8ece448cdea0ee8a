using System.Text.Json.Nodes;
using HybridMesh.Core;

namespace HybridMesh.Asm;

/// <summary>The operations of the ASM API that HybridMesh uses.</summary>
internal sealed class AsmApi(AsmCaller caller) : IAsmApi
{
    public Uri Endpoint => caller.Endpoint;

    public Task AddVmAppToMeshAsync(AsmVmAppRequest request, CancellationToken cancellationToken)
    {
        List<KeyValuePair<string, string>> form =
        [
            new("ServiceMeshId", request.MeshId),
            new("Namespace", request.Namespace),
            new("ServiceName", request.ServiceName),
            new("Ips", string.Join(',', request.Addresses)),
            new("Ports", string.Join(',', request.Ports)),
            new("Labels", Joined(request.Labels)),
        ];
        if (request.Annotations is { Count: > 0 } annotations)
        {
            form.Add(new("Annotations", Joined(annotations)));
        }

        if (!string.IsNullOrEmpty(request.ServiceAccount))
        {
            form.Add(new("ServiceAccount", request.ServiceAccount));
        }

        if (request.Force)
        {
            form.Add(new("Force", "true"));
        }

        return caller.SendAsync(
            new AsmCall("AddVmAppToMesh", HttpMethod.Post) { Form = form, Target = request.ServiceName },
            cancellationToken);
    }

    public Task RemoveVmAppFromMeshAsync(
        string meshId, string ns, string serviceName, CancellationToken cancellationToken) => caller.SendAsync(
        new AsmCall("RemoveVmAppFromMesh", HttpMethod.Post)
        {
            Form = [new("ServiceMeshId", meshId), new("Namespace", ns), new("ServiceName", serviceName)],
            Target = serviceName,
        },
        cancellationToken);

    public async Task<string> GetKubeconfigAsync(
        string meshId, bool privateAddress, CancellationToken cancellationToken)
    {
        AsmCall call = new("DescribeServiceMeshKubeconfig", HttpMethod.Post)
        {
            Query = [new("ServiceMeshId", meshId), new("PrivateIpAddress", privateAddress ? "true" : "false")],
            IsIdempotent = true,
            Target = meshId,
        };
        AsmAnswer answer = await caller.SendAsync(call, cancellationToken).ConfigureAwait(false);
        return answer.Text("Kubeconfig") is { Length: > 0 } text ? text : throw Lacking(call, "Kubeconfig");
    }

    public async Task<IReadOnlyDictionary<string, string>> GetVmMetaAsync(
        string meshId, string? ns, string? serviceAccount, string? trustDomain, CancellationToken cancellationToken)
    {
        List<KeyValuePair<string, string>> query = [new("ServiceMeshId", meshId)];
        AddIfGiven(query, "Namespace", ns);
        AddIfGiven(query, "ServiceAccount", serviceAccount);
        AddIfGiven(query, "TrustDomain", trustDomain);
        AsmCall call = new("GetVmMeta", HttpMethod.Get)
        {
            Query = query,
            IsIdempotent = true,
            Target = meshId,
        };
        AsmAnswer answer = await caller.SendAsync(call, cancellationToken).ConfigureAwait(false);
        return answer.Body["VmMetaInfo"] is JsonObject meta
            ? meta.Where(field => field.Value is JsonValue)
                .ToDictionary(field => field.Key, field => field.Value!.ToString())
            : throw Lacking(call, "VmMetaInfo");
    }

    public async Task<JsonObject> GetMeshAsync(string meshId, CancellationToken cancellationToken)
    {
        AsmCall call = new("DescribeServiceMeshDetail", HttpMethod.Post)
        {
            Form = [new("ServiceMeshId", meshId)],
            IsIdempotent = true,
            Target = meshId,
        };
        AsmAnswer answer = await caller.SendAsync(call, cancellationToken).ConfigureAwait(false);
        return answer.Body["ServiceMesh"] is JsonObject mesh
            ? mesh.DeepClone().AsObject() : throw Lacking(call, "ServiceMesh");
    }

    public ValueTask DisposeAsync()
    {
        caller.Dispose();
        return ValueTask.CompletedTask;
    }

    private static void AddIfGiven(List<KeyValuePair<string, string>> query, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            query.Add(new(name, value));
        }
    }

    // The API splits at commas and knows no escape.
    private static string Joined(IReadOnlyDictionary<string, string> map)
    {
        foreach ((string key, string value) in map)
        {
            if (key.Contains(',', StringComparison.Ordinal) || value.Contains(',', StringComparison.Ordinal))
            {
                throw new MeshException(
                    MeshErrorCode.ArgumentInvalid,
                    $"The ASM API can't take '{key}={value}': it separates labels and annotations by commas. "
                    + "Use -Provider Istio.",
                    key);
            }
        }

        return string.Join(',', map.Select(pair => $"{pair.Key}={pair.Value}"));
    }

    private MeshException Lacking(AsmCall call, string member) => new(
        MeshErrorCode.AsmApiError, $"The ASM API at {Endpoint} answered {call.Action} without {member}.", call.Target);
}
