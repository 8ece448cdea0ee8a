using System.Globalization;

namespace HybridMesh.Core;

/// <summary>The names of a VM-hosted app's objects, which are those AddVmAppToMesh gives.</summary>
internal static class VmAppNames
{
    private const string Prefix = "mesh-expansion-";

    public static string ServiceEntry(string serviceName) => Prefix + serviceName;

    public static string Entry(string serviceName, int number) =>
        $"{Prefix}{serviceName}-{number.ToString(CultureInfo.InvariantCulture)}";

    public static string Host(string serviceName, string ns) => $"{serviceName}.{ns}.svc.cluster.local";

    /// <summary>The service's name when a ServiceEntry is named as one of an app.</summary>
    public static string? ServiceNameOf(string serviceEntry) =>
        serviceEntry.StartsWith(Prefix, StringComparison.Ordinal) && serviceEntry.Length > Prefix.Length
            ? serviceEntry[Prefix.Length..] : null;

    /// <summary>
    /// The number of an app's entry; null for another name. <c>mesh-expansion-a-b-1</c> is entry 1 of a-b, never one
    /// of a.
    /// </summary>
    public static int? NumberOf(string entry, string serviceName)
    {
        string prefix = $"{Prefix}{serviceName}-";
        return entry.StartsWith(prefix, StringComparison.Ordinal)
            && int.TryParse(
                entry.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && number > 0 && entry[prefix.Length] != '0' ? number : null;
    }
}
