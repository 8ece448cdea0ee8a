using System.Globalization;

namespace HybridMesh.Core;

/// <summary>Says which VMs can't be spared, judging all that are to go together.</summary>
internal static class RemovalJudge
{
    /// <summary>The VMs that may not go, each with the error that says why.</summary>
    public static Dictionary<VmRemoval, MeshException> Refuse(
        TrafficUse use, IReadOnlyList<VmRemoval> vms, VmRemovalRequest request)
    {
        Dictionary<VmRemoval, MeshException> refused = [];
        if (request.Force)
        {
            return refused;
        }

        IReadOnlyList<LostDestination> lost = Lost(use, vms);
        foreach (LostDestination item in lost)
        {
            RouteWeights? moved = MoveAway(item.Route, lost);
            if (request.Drain == DrainMode.Weight && moved is not null)
            {
                continue;
            }

            VmRemoval[] last = [.. vms.Where(vm => vm.EntryNames.Any(item.EntryNames.Contains))];
            string text = Describe(item, last, moved, request.Namespace);
            foreach (VmRemoval vm in last)
            {
                refused.TryAdd(vm, new MeshException(MeshErrorCode.VmInUse, text, vm.Vm));
            }
        }

        return refused;
    }

    /// <summary>The destinations that lose their last endpoint with these VMs.</summary>
    public static IReadOnlyList<LostDestination> Lost(TrafficUse use, IEnumerable<VmRemoval> vms) =>
        use.LostWithout(vms.SelectMany(vm => vm.EntryNames).ToHashSet(StringComparer.Ordinal));

    /// <summary>A route's weights without what it loses; null when nothing else is there to take them.</summary>
    public static RouteWeights? MoveAway(UsedRoute route, IReadOnlyList<LostDestination> lost) =>
        route.Http is null ? null : WeightDrain.Move(
            route.Http, item => lost.Any(other => other.Route == route && other.Destination.IsSame(item)));

    private static string Describe(LostDestination lost, VmRemoval[] last, RouteWeights? moved, string ns)
    {
        string who = last.Length == 1 ? $"{last[0]} is the last endpoint"
            : $"VMs {string.Join(", ", last.Select(vm => vm.Vm.ToString()))} together are the last endpoints";
        string what = lost.Destination.Subset is { } subset
            ? $"subset '{subset}' of {lost.Destination.Host}" : $"host {lost.Destination.Host}";
        string remedy = moved is null
            ? "No other destination of that route can take it: remove the VirtualService first, or pass -Force."
            : $"Move it first: {Command(moved, ns)}. Or let -Drain Weight do that, or pass -Force.";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{who} of {what}, and {lost.Route.Label} gives it weight {lost.Destination.Weight}. {remedy}");
    }

    private static string Command(RouteWeights moved, string ns)
    {
        string where = moved.Namespace == ns ? "" : $" -Namespace {moved.Namespace}";
        string weights = string.Join("; ", moved.Destinations.Select(item =>
            string.Create(CultureInfo.InvariantCulture, $"{Key(item.Name)} = {item.Weight}")));
        return $"Set-TrafficShift -VirtualService {moved.VirtualService} -Route {Argument(moved.Route)}{where} -Weight "
            + $"@{{ {weights} }}";
    }

    private static string Argument(string text) =>
        text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_') ? text : PowerShellText.Quote(text);

    private static string Key(string name) =>
        name.Length > 0 && name.All(char.IsAsciiLetterOrDigit) && !char.IsAsciiDigit(name[0])
            ? name : PowerShellText.Quote(name);
}
