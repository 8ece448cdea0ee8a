using System.Net;
using System.Net.Sockets;

namespace HybridMesh.Core;

/// <summary>What must hold of a VM before anything is written or connected to by it.</summary>
internal static class MeshVmRules
{
    private const int MaxLocalityParts = 3;

    /// <summary>Everything wrong with one VM, each with its remedy; nothing when all is right.</summary>
    public static IEnumerable<string> Violations(MeshVm vm)
    {
        IEnumerable<string?> found =
        [
            Address(vm.Address),
            vm.Name.Any(char.IsControl) ? "Name holds a control character; leave it out." : null,
            SshHost(vm.SshHost),
            User(vm.User),
            Label("version", vm.Version ?? ""),
            .. vm.Labels.Select(pair => Label(pair.Key, pair.Value)),
            VersionTwice(vm),
            ServiceAccount(vm.ServiceAccount),
            Label("topology.istio.io/network", vm.Network ?? ""),
            Locality(vm.Locality),
        ];
        return found.OfType<string>();
    }

    private static string? Address(string text)
    {
        if (!IPAddress.TryParse(text, out IPAddress? address)
            // IPAddress takes 10.1 and 010.0.0.1 too, and means other addresses by them than people do.
            || (address.AddressFamily == AddressFamily.InterNetwork && address.ToString() != text))
        {
            return $"Address '{text}' is no IP address, as 10.0.0.5 is; a host name to log in by belongs in SshHost.";
        }

        byte[] bytes = address.GetAddressBytes();
        bool linkLocal = address.IsIPv6LinkLocal || bytes is [169, 254, ..];
        bool group = address.IsIPv6Multicast || (bytes.Length == 4 && bytes[0] >= 224);
        return linkLocal ? $"Address {text} is link-local, which no pod reaches; give the VM's private address."
            : group || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)
                ? $"Address {text} is not the address of one machine; give the VM's private address."
                : null;
    }

    private static string? SshHost(string host) =>
        Uri.CheckHostName(host) == UriHostNameType.Unknown
            ? $"SshHost '{host}' is no host name or IP address; a port belongs in SshPort, a user in User."
            : null;

    private static string? User(string? user) =>
        user is not null
            && (user.StartsWith('-') || user.Any(letter => char.IsWhiteSpace(letter) || char.IsControl(letter)))
            ? $"User '{user}' is no user name."
            : null;

    private static string? VersionTwice(MeshVm vm) =>
        vm.Version is not null && vm.Labels.TryGetValue("version", out string? other) && other != vm.Version
            ? $"Version says '{vm.Version}', the label version says '{other}'; keep one."
            : null;

    private static string? ServiceAccount(string? name) =>
        name is null ? null : Caught(() => LabelSyntax.CheckObjectName(name, "ServiceAccount"));

    private static string? Label(string key, string value) =>
        Caught(() => LabelSyntax.CheckLabel(key, value, "the VM", target: null));

    private static string? Locality(string? locality) =>
        locality is not null
        && (locality.Split('/').Length > MaxLocalityParts || locality.Any(char.IsWhiteSpace)
            || locality.StartsWith('/'))
            ? $"Locality '{locality}' is not of the form region/zone/subzone."
            : null;

    private static string? Caught(Action check)
    {
        try
        {
            check();
            return null;
        }
        catch (MeshException e)
        {
            return e.Message;
        }
    }
}
