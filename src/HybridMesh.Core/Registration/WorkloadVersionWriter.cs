using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>
/// Patches the one label that subsets select on and nothing else, so that other writers' fields survive.
/// </summary>
internal sealed class WorkloadVersionWriter(MeshSession session, KubernetesKind kind)
{
    /// <summary>The change of a version, for -WhatIf and -Confirm.</summary>
    public static string Describe(string? before, string? after) => $"version: {before ?? "(none)"} -> "
        + $"{after ?? "(none)"}";

    /// <summary>The change of a version as a server's answer shows it.</summary>
    public static string Describe(string? before, JsonObject after) =>
        Describe(before, after.Text("spec", "labels", "version"));

    /// <summary>Sets the version label of an entry and returns the entry as it is then.</summary>
    /// <exception cref="MeshException">
    /// ObjectNotFound when it is gone; ReadBackMismatch when it is another VM's by now or the label did not stay.
    /// </exception>
    public async Task<JsonObject> PatchAsync(
        JsonObject entry, string version, bool dryRun, CancellationToken cancellationToken)
    {
        string ns = entry.Text("metadata", "namespace")!;
        string name = entry.Text("metadata", "name")!;
        // The patch carries no resourceVersion, so a conflict is only the server giving up on its own retries.
        JsonObject after = await ConflictRetry.RunAsync(
            () => session.ControlPlane.MergePatchAsync(
                kind, ns, name, Patch(version), FieldManagers.Version, dryRun, cancellationToken),
            cancellationToken).ConfigureAwait(false);
        if (after.Text("spec", "labels", "version") != version
            || !MeshAddress.Same(after.Text("spec", "address"), entry.Text("spec", "address")))
        {
            throw new MeshException(
                MeshErrorCode.ReadBackMismatch,
                $"WorkloadEntry {ns}/{name} was patched to version {version}, but the server answered address "
                + $"{after.Text("spec", "address")} and version {after.Text("spec", "labels", "version") ?? "(none)"}; "
                + "another writer or an admission webhook changed it. Look at it with Get-WorkloadEntry.");
        }

        return after;
    }

    private static JsonObject Patch(string version) => new()
    {
        ["spec"] = new JsonObject { ["labels"] = new JsonObject { ["version"] = version } },
    };
}
