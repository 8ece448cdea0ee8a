using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>What registering an app comes to.</summary>
internal sealed record VmAppPlan
{
    public required IReadOnlyList<EntryPlan> Entries { get; init; }

    /// <summary>The ServiceEntry to apply; null when there is a good one of someone else's.</summary>
    public required JsonObject? ServiceEntry { get; init; }

    /// <summary>Whether the ServiceEntry must be made or changed.</summary>
    public required bool WriteServiceEntry { get; init; }

    /// <summary>The Service to apply; null when there is one of someone else's.</summary>
    public required JsonObject? Service { get; init; }

    /// <summary>Whether the Service must be made or changed.</summary>
    public required bool WriteService { get; init; }

    /// <summary>The first number that no entry has and none is planned to get.</summary>
    public required int NextNumber { get; init; }

    /// <summary>What the user should act on.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Decisions, for -Verbose.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Whether nothing has to be written.</summary>
    public bool IsDone => !WriteServiceEntry && !WriteService
        && Entries.All(entry => entry is { NeedsWrite: false, Error: null });
}

/// <summary>What happens to one VM's entry.</summary>
internal sealed record EntryPlan
{
    public required EntryInput Input { get; init; }

    /// <summary>The entry's name, there or to be made.</summary>
    public required string Name { get; init; }

    /// <summary>The entry that is there; null when it must be made.</summary>
    public JsonObject? Existing { get; init; }

    /// <summary>What to apply; null when values and owner are as asked for, or the entry is someone else's.</summary>
    public JsonObject? Manifest { get; init; }

    /// <summary>The version to patch onto it; null when there is none to patch.</summary>
    public string? Version { get; init; }

    /// <summary>Why the entry can't be used.</summary>
    public MeshException? Error { get; init; }

    public bool NeedsWrite => Manifest is not null || Version is not null;

    public override string ToString() => $"WorkloadEntry {Name} of VM {Input}";
}
