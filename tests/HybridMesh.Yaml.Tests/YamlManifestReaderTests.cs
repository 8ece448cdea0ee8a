using HybridMesh.Core;

namespace HybridMesh.Yaml.Tests;

public sealed class YamlManifestReaderTests
{
    private readonly YamlManifestReader _reader = new();

    [Fact]
    public void Read_SeveralDocuments_KeepOrderAndLines()
    {
        IReadOnlyList<Manifest> manifests = _reader.Read("""
            # first
            apiVersion: v1
            kind: Service
            metadata: { name: a }
            ---
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata:
              name: b
            """, "x.yaml");

        Assert.Equal(["Service a x.yaml:2", "Gateway b x.yaml:6"], manifests.Select(m => $"{m.Kind} {m.Name} {m.Source}"));
        Assert.Equal(("networking.istio.io", "v1"), (manifests[1].Group, manifests[1].Version));
    }

    [Fact]
    public void Read_List_IsTakenApartWithLines()
    {
        IReadOnlyList<Manifest> manifests = _reader.Read("""
            apiVersion: v1
            kind: List
            items:
            - apiVersion: v1
              kind: Service
              metadata: { name: a }
            - apiVersion: v1
              kind: Service
              metadata: { name: b }
            """, "x.yaml");

        Assert.Equal(["x.yaml:4", "x.yaml:7"], manifests.Select(manifest => manifest.Source));
    }

    [Fact]
    public void Read_Json_KeepsTabsAndBigNumbers()
    {
        Manifest manifest = Assert.Single(_reader.Read(
            "{\n\t\"apiVersion\": \"v1\", \"kind\": \"Service\",\n\t\"metadata\": {\"name\": \"a\"}, \"n\": 12345678901234567890}", "x.json"));

        Assert.Equal("12345678901234567890", manifest.Content["n"]!.ToJsonString());
    }

    [Theory]
    [InlineData("apiVersion: v1\nkind: Service\n", "x.yaml:1: this Service has no metadata.")]
    [InlineData("kind: Service\nmetadata: {name: a}", "x.yaml:1: apiVersion is missing.")]
    [InlineData("apiVersion: v1\nkind: Service\nmetadata: {name: 1}", "x.yaml:1: metadata.name must be text; quote it.")]
    [InlineData("- a", "x.yaml:1: a document must be a map")]
    [InlineData("a: 1\nb: [", "x.yaml:")]
    [InlineData("apiVersion: v1\nkind: Job\nmetadata: {generateName: a-}", "x.yaml:1: an object with generateName")]
    public void Read_Invalid_NamesFileAndLine(string text, string message)
    {
        MeshException e = Assert.Throws<MeshException>(() => _reader.Read(text, "x.yaml"));

        Assert.Equal(MeshErrorCode.ManifestInvalid, e.Code);
        Assert.StartsWith(message, e.Message);
    }

    [Fact]
    public void Read_InvalidJson_NamesTheLine()
    {
        MeshException e = Assert.Throws<MeshException>(() => _reader.Read("{\n\"a\": }", "x.json"));

        Assert.StartsWith("x.json:2: ", e.Message);
    }
}
