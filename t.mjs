import * as echarts from "echarts";
import jstat from "jstat";
const c=echarts.init(null,null,{renderer:"svg",ssr:true,width:640,height:400});
c.setOption({animation:false,xAxis:{type:"log"},yAxis:{},series:[{type:"line",data:[[1,1],[10,3]]}]});
console.log(c.renderToSVGString().slice(0,300)); console.log(jstat.studentt.inv(0.975,10), jstat.beta.inv(0.5,2,3), jstat.studentt.inv(1-0.001/200,30));
