using System.Globalization;
using HybridMesh.Benchmarks.Load;

return args switch
{
    ["serve", .. string[] options] => await HelloServer.RunAsync(stalls: options is ["stall"]),
    ["drive", string uri, string connections, string seconds, .. string[] rate] =>
        await Driver.RunAsync(new Uri(uri), Int(connections), Int(seconds), rate is [string number] ? Int(number) : null),
    ["endure", string uri, string connections, string requests] =>
        await Endurance.RunAsync(new Uri(uri), Int(connections), Int(requests)),
    _ => Usage(),
};

static int Int(string text) => int.Parse(text, CultureInfo.InvariantCulture);

static int Usage()
{
    Console.Error.WriteLine(
        "serve [stall] | drive <uri> <connections> <seconds> [rate] | endure <uri> <connections> <requests>");
    return 2;
}
