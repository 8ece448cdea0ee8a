using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>A pod's container that requests are sent from.</summary>
/// <param name="Namespace">The namespace.</param>
/// <param name="Pod">The pod's name.</param>
/// <param name="Container">The container's name; null for the pod's only one.</param>
public sealed record PodOrigin(string Namespace, string Pod, string? Container)
{
    private const string DefaultContainer = "kubectl.kubernetes.io/default-container";
    private const string Sidecar = "istio-proxy";

    /// <summary>The pod and container, for messages.</summary>
    public override string ToString() => Container is null ? Pod : $"{Pod}/{Container}";

    /// <summary>
    /// Finds the pod: by its name, or, when <paramref name="labelOrName"/> is a label selector, the first ready one by
    /// name that it selects.
    /// </summary>
    /// <exception cref="MeshException">
    /// ObjectNotFound, naming what there is; ArgumentInvalid for a wrong container.
    /// </exception>
    public static async Task<PodOrigin> FindAsync(
        MeshSession session, string ns, string labelOrName, string? container, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(labelOrName);
        JsonObject? pod = null;
        if (labelOrName.IndexOfAny(['=', '!', ' ', ',']) < 0)
        {
            pod = await session.DataPlane.FindAsync(KubernetesKind.Pod, ns, labelOrName, cancellationToken)
                .ConfigureAwait(false);
        }
        else
        {
            await foreach (JsonObject item in session.DataPlane
                .ListAsync(KubernetesKind.Pod, ns, labelOrName, cancellationToken).ConfigureAwait(false))
            {
                pod = pod is null || Rank(item).CompareTo(Rank(pod)) < 0 ? item : pod;
            }
        }

        return pod is null
            ? throw new MeshException(
                MeshErrorCode.ObjectNotFound,
                $"No pod '{labelOrName}' in namespace {ns}; Get-MeshPod lists them. -FromPod takes a name or a label "
                    + "such as app=hello1-deploy.",
                labelOrName)
            : new PodOrigin(ns, pod.Text("metadata", "name")!, Choose(pod, container));
    }

    private static (bool, string) Rank(JsonObject pod) =>
        (!MeshPod.From(pod).Ready, pod.Text("metadata", "name") ?? "");

    // As kubectl chooses, except that a sidecar is never meant.
    private static string? Choose(JsonObject pod, string? asked)
    {
        IReadOnlyList<string> containers = MeshPod.From(pod).Containers;
        return asked is not null && !containers.Contains(asked)
            ? throw new MeshException(
                MeshErrorCode.ArgumentInvalid,
                $"Pod {pod.Text("metadata", "name")} has no container '{asked}'; it has "
                    + $"{string.Join(", ", containers)}.", asked)
            : asked
                ?? pod.At("metadata", "annotations").Text(DefaultContainer)
                ?? containers.OrderBy(name => name == Sidecar).FirstOrDefault();
    }
}
