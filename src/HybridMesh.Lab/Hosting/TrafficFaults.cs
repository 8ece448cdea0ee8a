using System.Globalization;

namespace HybridMesh.Lab;

/// <summary>Faults of the mesh's data plane and of the ASM endpoint, as the admin endpoint takes them.</summary>
internal static class TrafficFaults
{
    public static string ApplyMesh(MeshProxyOptions options, IReadOnlyList<string> fault)
    {
        switch (fault)
        {
            case ["weights", "ignore" or "obey"]:
                options.IgnoreWeights = fault[1] == "ignore";
                return options.IgnoreWeights ? "weights are ignored" : "weights are obeyed";
            case ["connections", "pin" or "spread"]:
                options.PinConnections = fault[1] == "pin";
                return options.PinConnections ? "a connection stays with its backend" : "each request draws its "
                    + "backend";
            default:
                throw Unknown("mesh", fault, "weights/ignore, weights/obey, connections/pin and connections/spread");
        }
    }

    public static string ApplyAsm(AsmFaults faults, IReadOnlyList<string> fault)
    {
        switch (fault)
        {
            case ["vm-operations", "withdraw" or "offer"]:
                faults.Withdrawn = fault[1] == "withdraw";
                return faults.Withdrawn ? "VM operations are withdrawn" : "VM operations are offered";
            case ["vm-meta", "brief" or "full"]:
                faults.BriefVmMeta = fault[1] == "brief";
                return faults.BriefVmMeta ? "GetVmMeta gives three fields" : "GetVmMeta gives twelve fields";
            case ["throttle", var calls] when TryCount(calls, out int throttled):
                faults.Throttle(throttled, TimeSpan.FromMilliseconds(100));
                return $"the next {throttled} calls are throttled";
            case ["fail", var calls] when TryCount(calls, out int failing):
                faults.Fail(failing);
                return $"the next {failing} calls fail";
            default:
                throw Unknown(
                    "asm", fault,
                    "vm-operations/withdraw, vm-operations/offer, vm-meta/brief, vm-meta/full, throttle/N and fail/N");
        }
    }

    private static bool TryCount(string text, out int count) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count);

    private static KeyNotFoundException Unknown(string kind, IReadOnlyList<string> fault, string known) =>
        new($"There is no fault '{string.Join('/', fault)}' of {kind}; there are {known}.");
}
