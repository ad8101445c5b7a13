using GpuNets.Models;

namespace GpuNets.Peers;

/// <summary>Training steps of <see cref="MessagePassingNetwork"/>: mean squared error, Adam; batching the graphs is part of every step.</summary>
internal sealed class GpuNetsMessagePassingTraining : GpuNetsTraining
{
    private readonly Device _device;
    private readonly MessagePassingSetting _setting;
    private readonly MessagePassingNetwork _network;
    private readonly EdgeList[] _graphs;

    public GpuNetsMessagePassingTraining(Device device, MessagePassingSetting setting)
    {
        (_device, _setting) = (device, setting);
        _network = new MessagePassingNetwork(new Vars(device, GpuNetsArrays.ToState(setting.Weights)), setting.Model);
        Optimizer = new Adam(_network.Parameters, MessagePassingSetting.LearningRate);
        _graphs = [.. Enumerable.Repeat(setting.One, setting.Molecules)];
    }

    protected override Optimizer Optimizer { get; }

    protected override Tensor Loss()
    {
        var input = new GraphInput(_device.Graphs(_graphs), Put(_setting.X)) { Edges = Put(_setting.Edges) };
        return _network.Forward(input).MeanSquaredError(Put(_setting.Values));
    }

    private Tensor Put(HostArray array) => array.ToGpuNets(_device);
}
