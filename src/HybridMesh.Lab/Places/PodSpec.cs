using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>What the lab reads of a Pod object. Its first container's app is what runs; sidecars are not.</summary>
internal sealed class PodSpec
{
    private readonly JsonObject _pod;

    public PodSpec(JsonObject pod)
    {
        _pod = pod;
        Namespace = pod.Namespace();
        Name = pod.Name();
        Uid = pod.Text("metadata", "uid") ?? "";
    }

    public string Namespace { get; }

    public string Name { get; }

    public string Uid { get; }

    /// <summary>Name and image of every container, in order.</summary>
    public IReadOnlyList<(string Name, string Image)> Containers =>
        [.. Items.Select(item => (item.Text("name") ?? "", item.Text("image") ?? ""))];

    /// <summary>Whether the lab can run every image of the pod.</summary>
    public bool Runnable => Containers.Count > 0 && Containers.All(item => HelloImage.TryParse(item.Image) is not null);

    public int Port =>
        Items.First().Items("ports").Select(port => port.Number("containerPort")).FirstOrDefault()
        ?? HelloImage.TryParse(Containers[0].Image)?.DefaultPort ?? 0;

    public IReadOnlyDictionary<string, string> Environment
    {
        get
        {
            Dictionary<string, string> environment = new(PlaceEnvironment.Shell);
            foreach (JsonNode item in Items.First().Items("env"))
            {
                environment[item.Text("name") ?? ""] = item.Text("value") ?? "";
            }

            return environment;
        }
    }

    private IEnumerable<JsonNode> Items => _pod.Items("spec", "containers");
}
