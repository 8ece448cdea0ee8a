using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>Reads pods and Services of the data plane.</summary>
public static class WorkloadQuery
{
    /// <summary>
    /// The pods of a namespace whose name passes a test and whose labels a selector; null passes all.
    /// </summary>
    public static async IAsyncEnumerable<MeshPod> PodsAsync(
        MeshSession session, string ns, Func<string, bool>? isMatch, string? labelSelector,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        await foreach (JsonObject item in session.DataPlane
            .ListAsync(KubernetesKind.Pod, ns, labelSelector, cancellationToken).ConfigureAwait(false))
        {
            MeshPod pod = MeshPod.From(item);
            if (isMatch?.Invoke(pod.Name) ?? true)
            {
                yield return pod;
            }
        }
    }

    /// <summary>The Services of a namespace whose name passes a test; null passes all.</summary>
    public static async IAsyncEnumerable<MeshService> ServicesAsync(
        MeshSession session, string ns, Func<string, bool>? isMatch,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        await foreach (JsonObject item in session.DataPlane
            .ListAsync(KubernetesKind.Service, ns, null, cancellationToken).ConfigureAwait(false))
        {
            MeshService service = MeshService.From(item);
            if (isMatch?.Invoke(service.ServiceName) ?? true)
            {
                yield return service;
            }
        }
    }

    /// <summary>The error that an object of the data plane does not exist.</summary>
    public static MeshException Missing(MeshSession session, KubernetesKind kind, string ns, string name)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(kind);
        return new MeshException(
            MeshErrorCode.ObjectNotFound,
            $"There is no {ObjectName.Of(kind.Kind, ns, name)} on the {session.NameOf(MeshPlane.Data)} at "
            + $"{session.DataPlane.Server} that fits what was asked for.",
            name);
    }
}
