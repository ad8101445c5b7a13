using GpuNets.Kernels;

namespace GpuNets.Models;

/// <summary>Options in the language of the kernels.</summary>
internal static class NtmOptionsSizes
{
    public static NtmSizes Sizes(this NtmOptions o) => new()
    {
        Inputs = o.Inputs,
        Outputs = o.Outputs,
        Width = o.ControllerWidth,
        Layers = o.ControllerLayers,
        Lstm = o.Controller == NtmController.Lstm ? 1 : 0,
        LayerActivation = Number(o.LayerActivation),
        Reads = o.ReadHeads,
        Writes = o.WriteHeads,
        Rows = o.MemoryRows,
        Columns = o.MemoryColumns,
        Shift = o.ShiftRange,
        Turns = o.HeadOrder switch
        {
            NtmHeadOrder.ReadsFirst => NtmTurns.ReadsFirst,
            NtmHeadOrder.WritesFirst => NtmTurns.WritesFirst,
            _ => NtmTurns.Alternate,
        },
        ErasesFirst = o.WriteMode == NtmWriteMode.AllErasesFirst ? 1 : 0,
        Rules = new NtmRules
        {
            Key = Number(o.Key),
            Beta = Number(o.Beta),
            Gamma = Number(o.Gamma),
            ShiftLogits = Number(o.ShiftLogits),
            Erase = Number(o.Erase),
            Add = Number(o.Add),
            ContentOnly = o.Addressing == NtmAddressing.ContentOnly ? 1 : 0,
            Sharpen = o.Sharpening ? 1 : 0,
            CosineFloor = o.Cosine == NtmCosine.Floored ? 1 : 0,
            CosineEpsilon = 1e-8f,
            CosineShift = o.Cosine == NtmCosine.Floored ? 1e-16f : 0f,
            Clip = o.HeadClip ?? float.PositiveInfinity,
        },
    };

    private static int Number(HeadActivation activation) => activation switch
    {
        HeadActivation.Relu => NtmActivation.Relu,
        HeadActivation.Tanh => NtmActivation.Tanh,
        HeadActivation.Sigmoid => NtmActivation.Sigmoid,
        HeadActivation.Softplus => NtmActivation.Softplus,
        _ => NtmActivation.Identity,
    };
}
