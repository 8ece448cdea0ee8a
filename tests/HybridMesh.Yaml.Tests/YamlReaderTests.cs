using System.Text.Json.Nodes;

namespace HybridMesh.Yaml.Tests;

public sealed class YamlReaderTests
{
    [Fact]
    public void Read_AnchorsAndMergeKeys_AreResolved()
    {
        JsonNode root = YamlReader.Read("""
            base: &base { image: x, tag: 1 }
            one:
              <<: *base
              tag: 2
            two: *base
            """)[0].Root!;

        Assert.Equal("""{"tag":2,"image":"x"}""", root["one"]!.ToJsonString());
        Assert.Equal("""{"image":"x","tag":1}""", root["two"]!.ToJsonString());
    }

    [Fact]
    public void Read_NestedAliases_AreBounded()
    {
        string bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n" + string.Concat(Enumerable.Range(1, 9).Select(i =>
            $"a{i}: &a{i} [{string.Join(',', Enumerable.Repeat($"*a{i - 1}", 10))}]\n"));

        YamlFormatException e = Assert.Throws<YamlFormatException>(() => YamlReader.Read(bomb));

        Assert.Contains("too large", e.Message);
    }

    [Fact]
    public void Read_DuplicateKey_NamesLineAndKey()
    {
        YamlFormatException e = Assert.Throws<YamlFormatException>(() => YamlReader.Read("a: 1\nb: 2\na: 3\n"));

        Assert.Equal(3, e.Line);
        Assert.Contains("'a'", e.Message);
    }

    [Fact]
    public void Read_NumbersAndBooleansAsKeys_BecomeText()
    {
        Assert.Equal("""{"8080":"x","true":"z"}""", YamlReader.Read("8080: x\nyes: z")[0].Root!.ToJsonString());
    }

    [Fact]
    public void Read_EmptyDocuments_AreLeftOut()
    {
        IReadOnlyList<YamlDocument> documents = YamlReader.Read("---\n# nothing\n---\na: 1\n---\n\n---\nb: 2\n...\n");

        Assert.Equal(["""{"a":1}""", """{"b":2}"""], documents.Select(document => document.Root!.ToJsonString()));
    }
}
