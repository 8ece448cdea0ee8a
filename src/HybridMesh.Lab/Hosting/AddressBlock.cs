using System.Globalization;
using System.Net;

namespace HybridMesh.Lab;

/// <summary>
/// The loopback addresses of one lab. Block 0 is the first lab's; further labs take blocks of their own, so that they
/// run side by side.
/// </summary>
public sealed class AddressBlock(int number)
{
    public int Number => number;

    private int PodOctet => number == 0 ? 18 : 20 + (2 * number);

    private int ServiceOctet => PodOctet + 1;

    /// <summary>The i-th VM, from 0: 127.168.0.170, .171, ... (84 at the most).</summary>
    public IPAddress Vm(int index) => Address(168, number, 170 + index, "VMs", 254);

    /// <summary>The i-th pod, from 0.</summary>
    public IPAddress Pod(int index) => Numbered(PodOctet, index);

    /// <summary>The i-th ClusterIP, from 0.</summary>
    public IPAddress Service(int index) => Numbered(ServiceOctet, index);

    /// <summary>The ingress gateway's load balancer.</summary>
    public IPAddress Ingress => Address(168, number, 100, "ingress", 254);

    /// <summary>The east-west gateway's load balancer, by which VMs reach istiod.</summary>
    public IPAddress EastWest => Address(168, number, 101, "east-west gateway", 254);

    private static IPAddress Numbered(int octet, int index) =>
        IPAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"127.{octet}.{index / 250}.{(index % 250) + 2}"));

    private static IPAddress Address(int second, int third, int fourth, string what, int most) =>
        fourth <= most
            ? IPAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"127.{second}.{third}.{fourth}"))
            : throw new ArgumentOutOfRangeException(nameof(fourth), $"The lab has too many {what}.");
}
