using System.Globalization;

namespace HybridMesh.Lab;

/// <summary>
/// Faults of the API servers, as the admin endpoint takes them: <c>data/throttle/3</c>,
/// <c>control/conflict/1/patch</c>,
/// <c>data/drop/2/list/pods</c>, <c>data/none</c>.
/// </summary>
internal static class ApiFaultCalls
{
    private static readonly Dictionary<string, ApiFaultKind> Kinds = new()
    {
        ["conflict"] = ApiFaultKind.Conflict,
        ["throttle"] = ApiFaultKind.TooManyRequests,
        ["fail"] = ApiFaultKind.InternalError,
        ["unavailable"] = ApiFaultKind.Unavailable,
        ["drop"] = ApiFaultKind.Drop,
    };

    public static string Apply(ApiFaults dataPlane, ApiFaults controlPlane, IReadOnlyList<string> fault)
    {
        ApiFaults? faults = (fault.Count > 0 ? fault[0] : "") switch
        {
            "data" => dataPlane,
            "control" => controlPlane,
            _ => null,
        };
        switch (fault)
        {
            case [_, "none"] when faults is not null:
                faults.Clear();
                return "no call fails";
            case [_, var kind, var calls, ..] when faults is not null && fault.Count <= 5
                && Kinds.TryGetValue(kind, out ApiFaultKind known)
                && int.TryParse(calls, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0:
                faults.Add(
                    new ApiFault(known, count, fault.Count > 3 ? fault[3] : null, fault.Count > 4 ? fault[4] : null));
                return $"the next {count} calls fail";
            default:
                throw new KeyNotFoundException(
                    $"There is no fault '{string.Join('/', fault)}' of api; there are data|control/"
                    + $"{string.Join('|', Kinds.Keys)}/N[/verb[/resource]] and data|control/none.");
        }
    }
}
