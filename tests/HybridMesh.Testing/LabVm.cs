namespace HybridMesh.Testing;

/// <summary>A VM of the lab, as its vms.csv lists it.</summary>
public sealed record LabVm(
    string Name, string Address, string SshHost, int SshPort, string User, string KeyFile, string KnownHostsFile,
    string Version)
{
    /// <summary>Reads the lab's list; its values need no quoting as long as the folder's name needs none.</summary>
    public static IReadOnlyList<LabVm> Read(string path) =>
        [.. File.ReadLines(path).Skip(1).Select(line => line.Split(',')).Select(field => new LabVm(
            field[0], field[1], field[2], int.Parse(field[3], System.Globalization.CultureInfo.InvariantCulture),
            field[4], field[5], field[6], field[7]))];
}
