using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>Reads pods and Services of the data plane.</summary>
public static class WorkloadQuery
{
    /// <summary>Pods by name and label selector.</summary>
    /// <param name="session">The mesh.</param>
    /// <param name="ns">The namespace.</param>
    /// <param name="name">A name; null means any.</param>
    /// <param name="isMatch">Decides for a pattern; null means that <paramref name="name"/> is exact and must exist.</param>
    /// <param name="labelSelector">Kubernetes' label selector; null means any.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static IAsyncEnumerable<MeshPod> PodsAsync(
        MeshSession session, string ns, string? name, Func<string, bool>? isMatch, string? labelSelector,
        CancellationToken cancellationToken) =>
        ReadAsync(
            session, KubernetesKind.Pod, ns, name, isMatch, labelSelector, MeshPod.From, pod => pod.Name, cancellationToken);

    /// <summary>Services by name; the parameters are those of the pods.</summary>
    public static IAsyncEnumerable<MeshService> ServicesAsync(
        MeshSession session, string ns, string? name, Func<string, bool>? isMatch, CancellationToken cancellationToken) =>
        ReadAsync(
            session, KubernetesKind.Service, ns, name, isMatch, null, MeshService.From, service => service.ServiceName,
            cancellationToken);

    private static async IAsyncEnumerable<T> ReadAsync<T>(
        MeshSession session, KubernetesKind kind, string ns, string? name, Func<string, bool>? isMatch,
        string? labelSelector, Func<JsonObject, T> read, Func<T, string> nameOf,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        bool found = false;
        await foreach (JsonObject item in
            session.DataPlane.ListAsync(kind, ns, labelSelector, cancellationToken).ConfigureAwait(false))
        {
            T result = read(item);
            if (name is null || (isMatch?.Invoke(nameOf(result)) ?? nameOf(result) == name))
            {
                found = true;
                yield return result;
            }
        }

        if (!found && name is not null && isMatch is null)
        {
            string labelled = labelSelector is null ? "" : $" with the labels {labelSelector}";
            throw new MeshException(
                MeshErrorCode.ObjectNotFound,
                $"There is no {ObjectName.Of(kind.Kind, ns, name)}{labelled} on the {session.NameOf(MeshPlane.Data)} at "
                + $"{session.DataPlane.Server}.",
                name);
        }
    }
}
