using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>A container as <c>docker inspect</c> or <c>podman inspect</c> tells it.</summary>
internal sealed record Container
{
    public const string AppLabel = "hybridmesh.app";
    public const string SpecLabel = "hybridmesh.spec";
    public const string VariablesLabel = "hybridmesh.env";

    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string Image { get; init; }

    public required string State { get; init; }

    public required bool Running { get; init; }

    public int ExitCode { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Whether we started it.</summary>
    public bool IsOwn { get; init; }

    /// <summary>The fingerprint of what it was started as; null when it is not ours.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>The fingerprint of the sidecar it is; null when it is not one of ours.</summary>
    public string? SidecarFingerprint { get; init; }

    /// <summary>Those of its variables that we set.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>Reads what inspect printed.</summary>
    public static IReadOnlyList<Container> ReadAll(string json, MeshVm vm)
    {
        try
        {
            return [.. JsonNode.Parse(json)!.AsArray().Select(item => Read(item!))];
        }
        catch (Exception e)
            when (e is JsonException or InvalidOperationException or NullReferenceException or FormatException)
        {
            throw new MeshException(
                MeshErrorCode.ContainerFailed,
                $"The container runtime on VM {vm} described its containers in a way that can't be read.",
                vm,
                e);
        }
    }

    /// <summary>The app it is.</summary>
    public VmApp ToApp(MeshVm vm, ChangeAction? action) => new()
    {
        Vm = vm,
        Name = Name,
        Image = Image,
        Environment = Environment,
        State = State,
        ExitCode = Running ? null : ExitCode,
        StartedAt = StartedAt,
        ContainerId = Id,
        Action = action,
    };

#pragma warning disable CA1507 // The names are docker's; they stay when ours change.
    private static Container Read(JsonNode item)
    {
        JsonNode config = item["Config"]!;
        JsonNode state = item["State"]!;
        JsonObject? labels = config["Labels"] as JsonObject;
        return new Container
        {
            Id = Text(item["Id"]),
            Name = Text(item["Name"]).TrimStart('/'), // docker puts a slash before it, podman does not
            Image = Text(config["Image"]),
            State = Text(state["Status"]),
            Running = state["Running"]?.GetValue<bool>() ?? false,
            ExitCode = state["ExitCode"]?.GetValue<int>() ?? 0,
            StartedAt = Time(state["StartedAt"]),
            IsOwn = labels?[AppLabel] is not null,
            Fingerprint = labels?[SpecLabel]?.GetValue<string>(),
            SidecarFingerprint = labels?[SidecarContainer.Label]?.GetValue<string>(),
            Environment = Variables(config["Env"] as JsonArray, Text(labels?[VariablesLabel])),
        };
    }
#pragma warning restore CA1507

    private static SortedDictionary<string, string> Variables(JsonArray? all, string ours)
    {
        HashSet<string> names = [.. ours.Split(',', StringSplitOptions.RemoveEmptyEntries)];
        SortedDictionary<string, string> variables = new(StringComparer.Ordinal);
        foreach (string[] pair in (all ?? []).Select(item => Text(item).Split('=', 2)))
        {
            if (names.Contains(pair[0]))
            {
                variables[pair[0]] = pair.Length > 1 ? pair[1] : "";
            }
        }

        return variables;
    }

    private static string Text(JsonNode? node) => node?.GetValue<string>() ?? "";

    // Year 1 means never.
    private static DateTimeOffset? Time(JsonNode? node) =>
        DateTimeOffset.TryParse(
            Text(node), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
        && time.Year > 1
            ? time
            : null;
}
