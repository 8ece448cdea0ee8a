using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>Finds WorkloadGroups: in a file, or live.</summary>
internal static class WorkloadGroupReader
{
    /// <summary>
    /// The group of a manifest file. istioctl's own examples have no apiVersion, so that none is asked for.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="ns">The namespace asked for; null for the file's.</param>
    /// <param name="fallback">The namespace when neither says one; null when there is none.</param>
    /// <param name="yaml">Reads the file.</param>
    /// <param name="cancellationToken">Ctrl+C.</param>
    public static async Task<WorkloadGroup> FromFileAsync(
        string path, string? ns, string? fallback, IYamlFormat yaml, CancellationToken cancellationToken)
    {
        string text = await TextFile.ReadAsync(path, cancellationToken).ConfigureAwait(false);
        if (yaml.Read(text, path) is not JsonObject manifest
            || (manifest.Text("kind") ?? "WorkloadGroup") != "WorkloadGroup"
            || manifest.Text("metadata", "name") is not { Length: > 0 })
        {
            throw new MeshException(
                MeshErrorCode.ManifestInvalid,
                $"'{path}' holds no WorkloadGroup: kind, metadata.name and spec are expected. New-WorkloadGroup -Path "
                + "writes one.",
                path);
        }

        string? own = manifest.Text("metadata", "namespace") is { Length: > 0 } named ? named : null;
        if (ns is not null && own is not null && ns != own)
        {
            throw new MeshException(
                MeshErrorCode.ArgumentInvalid,
                $"'{path}' is of namespace {own}, but -Namespace says {ns}; leave one of them out.", ns);
        }

        return WorkloadGroupManifest.Read(
            manifest,
            own ?? ns ?? fallback ?? throw new MeshException(
                MeshErrorCode.ArgumentInvalid, $"'{path}' names no namespace; pass -Namespace.", path),
            path);
    }

    /// <summary>The live group of a name.</summary>
    public static async Task<WorkloadGroup> LiveAsync(
        MeshSession session, string ns, string name, CancellationToken cancellationToken)
    {
        KubernetesKind kind = await session
            .ServedKindAsync(MeshPlane.Control, KubernetesKind.WorkloadGroup, cancellationToken).ConfigureAwait(false);
        JsonObject manifest = await session.ControlPlane
            .FindAsync(kind, ns, name, cancellationToken).ConfigureAwait(false)
            ?? throw new MeshException(
                MeshErrorCode.ObjectNotFound,
                $"There is no WorkloadGroup '{name}' in namespace {ns} of the {session.NameOf(MeshPlane.Control)} "
                + $"{session.ControlPlane.Server}; New-WorkloadGroup makes one.",
                name);
        return WorkloadGroupManifest.Read(manifest, ns, $"WorkloadGroup {ns}/{name}");
    }
}
