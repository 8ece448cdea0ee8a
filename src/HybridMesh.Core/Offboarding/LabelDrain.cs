using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>Takes a WorkloadEntry out of everything that selects it, by one patch of its labels.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Labels">The labels it loses, with their values.</param>
internal sealed record LabelDrain(JsonObject Entry, IReadOnlyDictionary<string, string> Labels)
{
    /// <summary>The drain of an entry; null when nothing selects it.</summary>
    public static LabelDrain? Of(JsonObject entry, TrafficUse use)
    {
        Dictionary<string, string> left = entry.Strings("spec", "labels");
        Dictionary<string, string> lost = new(StringComparer.Ordinal);
        foreach (Dictionary<string, string> selector in use.SelectorsOf(left).ToList())
        {
            // One label less is enough, and one may serve several selectors.
            if (WorkloadEntryCatalog.Selects(selector, left))
            {
                string key = selector.Keys.Order(StringComparer.Ordinal).First();
                lost[key] = left[key];
                left.Remove(key);
            }
        }

        return lost.Count == 0 ? null : new LabelDrain(entry, lost);
    }

    /// <summary>Takes the labels off.</summary>
    public Task<JsonObject> ApplyAsync(
        MeshSession session, KubernetesKind kind, bool dryRun, CancellationToken cancellationToken) =>
        PatchAsync(session, kind, _ => null, dryRun, cancellationToken);

    /// <summary>Puts the labels back.</summary>
    public Task<JsonObject> UndoAsync(MeshSession session, KubernetesKind kind, CancellationToken cancellationToken) =>
        PatchAsync(session, kind, value => value, dryRun: false, cancellationToken);

    /// <summary>The labels, as <c>app=hello</c>.</summary>
    public override string ToString() => string.Join(", ", Labels.Select(pair => $"{pair.Key}={pair.Value}"));

    // The patch carries no resourceVersion, so a conflict is only the server giving up on its own retries.
    private Task<JsonObject> PatchAsync(
        MeshSession session, KubernetesKind kind, Func<string, string?> value, bool dryRun,
        CancellationToken cancellationToken)
    {
        JsonObject labels = [];
        foreach ((string name, string text) in Labels)
        {
            labels[name] = value(text);
        }

        JsonObject patch = new() { ["spec"] = new JsonObject { ["labels"] = labels } };
        return ConflictRetry.RunAsync(
            () => session.ControlPlane.MergePatchAsync(
                kind, Entry.Text("metadata", "namespace"), Entry.Text("metadata", "name")!,
                (JsonObject)patch.DeepClone(), FieldManagers.Drain, dryRun, cancellationToken),
            cancellationToken);
    }
}
