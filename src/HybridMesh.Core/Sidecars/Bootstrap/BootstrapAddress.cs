using System.Net;

namespace HybridMesh.Core;

/// <summary>
/// Checks addresses that end up in bootstrap files, where a wrong one shows only when nothing connects.
/// </summary>
internal static class BootstrapAddress
{
    /// <exception cref="MeshException">ArgumentInvalid, naming the parameter.</exception>
    public static void CheckParameter(string? text, string parameter)
    {
        if (text is not null && Violation(text) is { } wrong)
        {
            throw new MeshException(MeshErrorCode.ArgumentInvalid, $"-{parameter}: {wrong}", text);
        }
    }

    /// <exception cref="MeshException">ArgumentInvalid, whose target is the VM.</exception>
    public static void CheckVm(MeshVm vm)
    {
        if (Violation(vm.Address) is { } wrong)
        {
            throw new MeshException(MeshErrorCode.ArgumentInvalid, $"VM {vm}: {wrong}", vm);
        }
    }

    private static string? Violation(string text)
    {
        if (MeshAddress.Normalize(text) is not { } normal || normal.Contains('%'))
        {
            return $"'{text}' is no IP address, as 10.0.0.5 and fd00::5 are.";
        }

        IPAddress address = IPAddress.Parse(normal);
        bool linkLocal = address.IsIPv6LinkLocal || address.GetAddressBytes() is [169, 254, ..];
        return linkLocal
            ? $"address {text} is link-local, which no pod reaches; give the VM's private address."
            : null;
    }
}
