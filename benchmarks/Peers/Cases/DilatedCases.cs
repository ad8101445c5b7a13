using GpuNets.Models;
using TorchPeers;
using TorchSharp;

namespace GpuNets.Peers;

/// <summary>Training steps of dilated networks: a narrow front end with the context module, as CamVid is trained, and the module on the paper's maps alone.</summary>
internal static class DilatedCases
{
    public static IEnumerable<PeerCase> All =>
    [
        Case("dilated-train-camvid-b8", new() { Front = Narrow(11), Context = ContextOptions.Dilation8(11) }, batch: 8, height: 184, width: 240) with { Mark = 0.6 },
        Case("dilated-train-camvid-large-b8", new() { Front = Narrow(11), Context = ContextOptions.Dilation8(11, ContextKind.Large) }, batch: 8, height: 184, width: 240) with { Mark = 0.6 },
    ];

    private static VggFrontEndOptions Narrow(int classes) => new() { Classes = classes, Width = 0.25, HiddenWidth = 256, InnerPadding = true, Dropout = 0 };

    private static PeerCase Case(string name, DilatedNetworkOptions network, int batch, int height, int width)
    {
        var setting = new Lazy<DilatedSetting>(() => new DilatedSetting(network, batch, height, width));
        return new PeerCase(name, Bounds.Kinked, device => new GpuNetsDilatedTraining(device, setting.Value), () => new TorchDilatedTraining(setting.Value))
        {
            CheckedRuns = 0,
            Exact = () => new TorchDilatedTraining(setting.Value, torch.ScalarType.Float64),
        };
    }
}
