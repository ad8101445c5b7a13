namespace GpuNets.Models;

/// <summary>Makes the pieces that options name.</summary>
internal sealed class MessagePassingFactory(MessagePassingOptions o)
{
    public IMessageFunction Message(Vars vars, int step)
    {
        if (!o.TwoChannels && !o.MessageBias) return Channel(vars, step);
        return new ChannelMessage(vars, v => Channel(v, step), o.TwoChannels, o.MessageBias);
    }

    public IUpdateFunction Update(Vars vars, int step, int messages) => o.Update switch
    {
        UpdateKind.Gru => new GruUpdate(vars, o.TowerSize, messages, o.UpdateBias),
        UpdateKind.GruCell => new GruCellUpdate(vars, o.TowerSize, messages, o.UpdateBias),
        UpdateKind.Network => new NetworkUpdate(vars, o.TowerSize, o.Inputs, messages, o.UpdateHidden),
        UpdateKind.Degree => new DegreeUpdate(vars, o.TowerSize, messages, o.LargestDegree),
        UpdateKind.Weave => new WeaveUpdate(vars, o.TowerSize, messages),
        UpdateKind.Sum => new SumUpdate(vars),
        UpdateKind.Layer => new LayerUpdate(vars, o.TowerSize, messages, o.UpdateActivation, matrix: true),
        _ => new LayerUpdate(vars, o.TowerSize, messages, o.UpdateActivation, matrix: false),
    };

    public IReadout Readout(Vars vars) => o.Readout switch
    {
        ReadoutKind.GatedSum => new GatedSumReadout(vars, o.Size, o.Inputs, o.ReadoutHidden, o.Outputs, o.ReadoutActivation),
        ReadoutKind.SetToSet => new SetToSetReadout(
            vars, o.Size, o.Inputs, o.ReadoutHidden, o.Outputs, o.ProcessingSteps, o.Energy, o.ReleasedCandidate, o.ReadoutActivation),
        ReadoutKind.LayerSoftmax => new LayerSoftmaxReadout(vars, o.Size, o.Steps, o.ReadoutSize, o.ReadoutHidden, o.Outputs, o.ReadoutActivation),
        ReadoutKind.Histogram => new HistogramReadout(vars, o.Size, o.ReadoutSize, o.ReadoutHidden, o.Outputs, o.ReadoutActivation),
        _ => new SumReadout(vars, o.Size, o.ReadoutHidden, o.Outputs, o.Readout == ReadoutKind.NodeSum, o.ReadoutActivation),
    };

    private IMessageFunction Channel(Vars vars, int step) => o.Message switch
    {
        MessageKind.Matrices => new MatrixMessage(vars, o.TowerSize, o.TowerSize, o.Labels, o.MessageGain),
        MessageKind.EdgeNetwork => new EdgeNetworkMessage(
            vars, o.TowerSize, o.TowerSize, o.EdgeInputs, o.MessageHidden, o.EdgeOrder, o.TieWeights ? o.Steps : 1, o.MessageGain),
        MessageKind.Pair => new PairMessage(vars, o.TowerSize, o.TowerSize, o.EdgeInputs, o.MessageHidden),
        MessageKind.Concatenation => new ConcatenationMessage(vars, o.TowerSize, o.EdgeInputs),
        MessageKind.EdgeStates => new EdgeStateMessage(
            vars, o.TowerSize, o.EdgeSize, o.EdgeInputs, changes: o.TieWeights ? o.Steps > 1 : step + 1 < o.Steps),
        MessageKind.Factors => new FactorMessage(vars, o.TowerSize, o.TowerSize, o.EdgeInputs, o.MessageHidden[0]),
        MessageKind.Spectral => new SpectralMessage(vars, o.TowerSize, o.TowerSize, o.SpectralOrder),
        MessageKind.Chebyshev => new ChebyshevMessage(vars, o.TowerSize, o.TowerSize, o.SpectralOrder),
        _ => new NormalizedMessage(vars, o.TowerSize),
    };
}
