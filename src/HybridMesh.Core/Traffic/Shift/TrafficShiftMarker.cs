using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>
/// What a progressive shift leaves on the VirtualService while it runs, so that one that was cut off can go on or be
/// undone.
/// </summary>
public sealed record TrafficShiftMarker
{
    /// <summary>The annotation that holds it.</summary>
    public const string Annotation = "hybridmesh.io/traffic-shift";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        IgnoreReadOnlyProperties = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Tells this shift from any other.</summary>
    public required Guid Id { get; init; }

    /// <summary>The route: its name, or its place when it has none.</summary>
    public required string Route { get; init; }

    /// <summary>The weights before the first step.</summary>
    public required IReadOnlyList<RouteWeight> Original { get; init; }

    /// <summary>The requests that went elsewhere by their headers before the first step; null when none did.</summary>
    public HeaderRoute? OriginalByHeader { get; init; }

    /// <summary>The weights of each step, for the requests the step is for.</summary>
    public required IReadOnlyList<IReadOnlyList<RouteWeight>> Steps { get; init; }

    /// <summary>
    /// The headers of the requests each step is for, null for a step for all; null when all steps are for all.
    /// </summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>?>? StepHeaders { get; init; }

    /// <summary>
    /// How the steps are measured and judged; the headers and the message every request is sent with are left out, for
    /// they may hold secrets.
    /// </summary>
    public required ShiftCheck Check { get; init; }

    /// <summary>The step whose weights are in force, from 1 on.</summary>
    public required int Step { get; init; }

    /// <summary>When the shift began.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>Who began it: <c>user@host</c>.</summary>
    public required string Who { get; init; }

    /// <summary>The weights of the step in force, for the requests it is for.</summary>
    [JsonIgnore]
    public IReadOnlyList<RouteWeight> Weights => Steps[Step - 1];

    /// <summary>The route before the first step.</summary>
    [JsonIgnore]
    internal RouteState Before => new(Original, OriginalByHeader);

    /// <summary>The route in the step in force.</summary>
    [JsonIgnore]
    internal RouteState State => StateOf(Step);

    /// <summary>
    /// The route in a step, or before the first for 0. A step for requests with headers leaves the others what they
    /// had.
    /// </summary>
    internal RouteState StateOf(int step) => step == 0 ? Before
        : StepHeaders?[step - 1] is { } headers ? new(StateOf(step - 1).Weights, new(headers, Steps[step - 1]))
        : new(Steps[step - 1], null);

    /// <summary>The marker on a VirtualService; null when there is none.</summary>
    /// <exception cref="MeshException">ObjectInvalid, when the annotation can't be read.</exception>
    public static TrafficShiftMarker? Find(JsonObject virtualService)
    {
        string? text = virtualService.Text("metadata", "annotations", Annotation);
        try
        {
            return text is null ? null : Checked(JsonSerializer.Deserialize<TrafficShiftMarker>(text, Json));
        }
        catch (JsonException e)
        {
            string name = virtualService.Text("metadata", "name") ?? "";
            throw new MeshException(
                MeshErrorCode.ObjectInvalid,
                $"The annotation {Annotation} of VirtualService {virtualService.Text("metadata", "namespace")}/{name} "
                    + $"can't be read: {e.Message} Set the weights with Set-TrafficShift, and remove it: kubectl "
                    + $"annotate virtualservice {name} {Annotation}-",
                name, e);
        }
    }

    /// <summary>As <see cref="Find(JsonObject)"/>, with a word where the annotation can't be read.</summary>
    internal static TrafficShiftMarker? Find(JsonObject virtualService, Action<string> unreadable)
    {
        try
        {
            return Find(virtualService);
        }
        catch (MeshException e) when (e.Code == MeshErrorCode.ObjectInvalid)
        {
            unreadable(e.Message);
            return null;
        }
    }

    /// <summary>Puts the marker on a VirtualService, or takes it off for null.</summary>
    internal static void Write(JsonObject virtualService, TrafficShiftMarker? marker)
    {
        JsonObject metadata = virtualService["metadata"]!.AsObject();
        if (marker is not null)
        {
            metadata["annotations"] ??= new JsonObject();
            metadata["annotations"]![Annotation] = JsonSerializer.Serialize(WithoutSecrets(marker), Json);
        }
        else if (metadata["annotations"] is JsonObject annotations && annotations.Remove(Annotation)
            && annotations.Count == 0)
        {
            metadata.Remove("annotations");
        }
    }

    // Headers and messages may carry credentials, and the annotation is for everybody to read.
    private static TrafficShiftMarker WithoutSecrets(TrafficShiftMarker marker) => marker with
    {
        Check = marker.Check with
        {
            Measurement = marker.Check.Measurement with
            {
                Headers = new Dictionary<string, string>(),
                Message = null,
                Expect = null,
            },
        },
    };

    private static TrafficShiftMarker Checked(TrafficShiftMarker? marker) =>
        marker is { Original.Count: > 0, Steps: not null, Check.Measurement: not null, Step: >= 1 }
            && marker.Step <= marker.Steps.Count
            && (marker.StepHeaders?.Count ?? marker.Steps.Count) == marker.Steps.Count
            ? marker : throw new JsonException("its step is none of its steps.");

    /// <summary>The shift, for messages.</summary>
    public override string ToString() => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"step {Step} of {Steps.Count} on route '{Route}', begun by {Who} at "
            + $"{Started.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC");
}
