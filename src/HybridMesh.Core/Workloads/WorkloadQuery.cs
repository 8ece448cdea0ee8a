using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>Reads pods and Services of the data plane.</summary>
public static class WorkloadQuery
{
    /// <summary>
    /// The pods of a namespace whose name passes a test and whose labels a selector; null passes all. A namespace that
    /// does not exist is an ObjectNotFound.
    /// </summary>
    public static IAsyncEnumerable<MeshPod> PodsAsync(
        MeshSession session, string ns, Func<string, bool>? isMatch, string? labelSelector,
        CancellationToken cancellationToken) =>
        ListAsync(
            session, KubernetesKind.Pod, ns, labelSelector, MeshPod.From, pod => isMatch?.Invoke(pod.Name) ?? true,
            cancellationToken);

    /// <summary>
    /// The Services of a namespace whose name passes a test; null passes all. A namespace that does not exist is an
    /// ObjectNotFound.
    /// </summary>
    public static IAsyncEnumerable<MeshService> ServicesAsync(
        MeshSession session, string ns, Func<string, bool>? isMatch, CancellationToken cancellationToken) =>
        ListAsync(
            session, KubernetesKind.Service, ns, labelSelector: null, MeshService.From,
            service => isMatch?.Invoke(service.ServiceName) ?? true, cancellationToken);

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

    private static async IAsyncEnumerable<T> ListAsync<T>(
        MeshSession session, KubernetesKind kind, string ns, string? labelSelector, Func<JsonObject, T> read,
        Func<T, bool> isWanted, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        bool isEmpty = true;
        await foreach (JsonObject item in session.DataPlane.ListAsync(kind, ns, labelSelector, cancellationToken)
            .ConfigureAwait(false))
        {
            isEmpty = false;
            T found = read(item);
            if (isWanted(found))
            {
                yield return found;
            }
        }

        if (isEmpty)
        {
            // The server lists nothing, too, in a namespace whose name is mistyped.
            await NamespaceCheck.RequireAsync(
                session, MeshPlane.Data, ns, "Check its name: Tab after -Namespace completes those there are.",
                cancellationToken).ConfigureAwait(false);
        }
    }
}
