using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>A manifest with the plane and the served kind it goes to.</summary>
internal sealed record ManifestTarget(Manifest Manifest, MeshPlane Plane, KubernetesKind Kind, JsonObject Content)
{
    public string? Namespace => (string?)Content["metadata"]!["namespace"];

    /// <summary>
    /// Where each manifest goes, before anything is written: the API group decides the plane, Namespaces go to both.
    /// </summary>
    /// <exception cref="MeshException">
    /// KindNotServed; ManifestInvalid for an object that stands there twice.
    /// </exception>
    public static async Task<IReadOnlyList<ManifestTarget>> ResolveAsync(
        MeshSession session, IEnumerable<Manifest> manifests, string ns, CancellationToken cancellationToken)
    {
        List<ManifestTarget> targets = [];
        Dictionary<(MeshPlane, string, string, string?, string), Manifest> seen = [];
        foreach (Manifest manifest in manifests)
        {
            foreach (MeshPlane plane in Planes(session, manifest))
            {
                KubernetesKind kind = await ServedAsync(session, plane, manifest, cancellationToken)
                    .ConfigureAwait(false);
                ManifestTarget target = new(manifest, plane, kind, Place(manifest, kind, ns));
                if (!seen.TryAdd((plane, kind.Group, kind.Kind, target.Namespace, manifest.Name), manifest))
                {
                    Manifest other = seen[(plane, kind.Group, kind.Kind, target.Namespace, manifest.Name)];
                    throw new MeshException(
                        MeshErrorCode.ManifestInvalid,
                        $"{manifest.Source}: {ObjectName.Of(kind.Kind, target.Namespace, manifest.Name)} stands in "
                        + $"{other.Source} already.",
                        manifest.Source);
                }

                targets.Add(target);
            }
        }

        return targets;
    }

    private static IEnumerable<MeshPlane> Planes(MeshSession session, Manifest manifest) =>
        manifest is { Kind: "Namespace", Group: "" }
            ? session.IsSingleCluster ? [MeshPlane.Data] : [MeshPlane.Data, MeshPlane.Control]
            : [KubernetesKinds.IsControlPlaneGroup(manifest.Group) ? MeshPlane.Control : MeshPlane.Data];

    private static async Task<KubernetesKind> ServedAsync(
        MeshSession session, MeshPlane plane, Manifest manifest, CancellationToken cancellationToken)
    {
        IReadOnlyList<KubernetesKind> served =
            await session[plane].DiscoverAsync(cancellationToken).ConfigureAwait(false);
        if (KubernetesKinds.Pick(served, manifest.Group, manifest.Kind, manifest.Version) is { } kind)
        {
            return kind;
        }

        string[] versions = [.. served
            .Where(item => item.Group == manifest.Group && item.Kind == manifest.Kind).Select(item => item.Version)];
        if (versions.Length > 0)
        {
            throw new MeshException(
                MeshErrorCode.KindNotServed,
                $"{manifest.Source}: the {session.NameOf(plane)} at {session[plane].Server} serves {manifest.Kind} of "
                + $"{manifest.Group} as {string.Join(", ", versions)}, not as {manifest.Version}. Change the "
                + "apiVersion.",
                manifest.Source);
        }

        MeshException error = KubernetesKinds.NotServed(session, plane, manifest.Group, manifest.Kind);
        throw new MeshException(error.Code, $"{manifest.Source}: {error.Message}", manifest.Source);
    }

    private static JsonObject Place(Manifest manifest, KubernetesKind kind, string ns)
    {
        JsonObject content = manifest.Content.DeepClone().AsObject();
        JsonObject metadata = content["metadata"]!.AsObject();
        if (!kind.Namespaced)
        {
            metadata.Remove("namespace");
        }
        else if (string.IsNullOrEmpty((string?)metadata["namespace"]))
        {
            metadata["namespace"] = ns;
        }

        // What `kubectl get -o yaml` writes must not be taken for a wish.
        content.Remove("status");
        foreach (string field in (string[])
            ["managedFields", "resourceVersion", "uid", "creationTimestamp", "generation", "selfLink"])
        {
            metadata.Remove(field);
        }

        return content;
    }
}
