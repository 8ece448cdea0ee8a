namespace HybridMesh.Core;

/// <summary>GetVmMeta's fields: contents of files and the paths they are meant for.</summary>
internal sealed class AsmVmMeta(IReadOnlyDictionary<string, string> fields)
{
    /// <summary>Ours: ASM has no field for mesh.yaml.</summary>
    public const string MeshYamlContent = "MeshConfigContent";

    private static readonly (string Field, string File)[] Contents =
    [
        ("EnvoyEnv", SidecarFileNames.ClusterEnv), ("Hosts", SidecarFileNames.Hosts), ("Token", SidecarFileNames.Token),
        ("RootCert", SidecarFileNames.RootCert), ("Key", SidecarFileNames.Key),
        ("CertChain", SidecarFileNames.CertChain), ("MeshConfig", SidecarFileNames.MeshConfig),
    ];

    public IReadOnlyDictionary<string, string> Fields => fields;

    public string? RootCert => Text("RootCertContent");

    public string? MeshYaml => Text(MeshYamlContent);

    /// <summary>The files that the fields hold.</summary>
    public IEnumerable<SidecarFile> Files => Contents
        .Where(item => fields.ContainsKey($"{item.Field}Content"))
        .Select(item => new SidecarFile(item.File, fields[$"{item.Field}Content"]));

    /// <summary>The fields of files, on top of fields that are kept.</summary>
    public static IReadOnlyDictionary<string, string> Of(
        IEnumerable<SidecarFile> files, IReadOnlyDictionary<string, string> kept)
    {
        Dictionary<string, string> fields = new(kept, StringComparer.Ordinal);
        foreach (SidecarFile file in files)
        {
            string field = Contents.First(item => item.File == file.Name).Field;
            fields[$"{field}Content"] = file.GetText();
            fields.TryAdd($"{field}Path", $"{SidecarPlaces.ContainerFolder}/{file.Name}");
        }

        return fields;
    }

    /// <exception cref="MeshException">SidecarConfigInvalid, naming the field that is missing.</exception>
    public void CheckBootstrap(string meshId)
    {
        if (Text("EnvoyEnvContent") is null || Text("TokenContent") is null)
        {
            throw new MeshException(
                MeshErrorCode.SidecarConfigInvalid,
                $"GetVmMeta of mesh {meshId} gave no "
                + $"{(Text("EnvoyEnvContent") is null ? "EnvoyEnvContent" : "TokenContent")}; use -Provider Istio.",
                meshId);
        }
    }

    private string? Text(string field) => fields.GetValueOrDefault(field) is { Length: > 0 } text ? text : null;
}
